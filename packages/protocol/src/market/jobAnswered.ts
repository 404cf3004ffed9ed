import type { AbiParameterToPrimitiveType, ExtractAbiEvent } from 'abitype'

import type { jobMarketAbi } from '../abi/jobMarketAbi.ts'

type Inputs = ExtractAbiEvent<typeof jobMarketAbi, 'JobAnswered'>['inputs'][number]

/** Arguments of the event `JobAnswered`. */
export type JobAnswered = {
  [input in Inputs as input['name']]: AbiParameterToPrimitiveType<input>
}
