import type { AbiParameterToPrimitiveType, ExtractAbiFunction } from 'abitype'

import type { modelRegistryAbi } from '../abi/modelRegistryAbi.ts'

type Publish = ExtractAbiFunction<typeof modelRegistryAbi, 'publish'>

/** One way in which answers of a model version can be judged: a verifier, and what it holds claims against. */
export type Method = AbiParameterToPrimitiveType<Publish['inputs'][3]>[number]
