import type { AbiParameterToPrimitiveType, ExtractAbiFunction } from 'abitype'
import { getAbiItem } from 'viem'

import { jobMarketAbi } from '../abi/jobMarketAbi.ts'

/** ABI of `Settlement` and of `Claim`, as `deliver` takes them. */
export const [settlementParameter, claimParameter] = getAbiItem({
  abi: jobMarketAbi,
  name: 'deliver',
}).inputs

/** What an answer fixed: the preimage of the digest that the market keeps. */
export type Settlement = AbiParameterToPrimitiveType<typeof settlementParameter>

/** A governed parameter set. */
export type Parameters = AbiParameterToPrimitiveType<
  ExtractAbiFunction<typeof jobMarketAbi, 'setParameters'>['inputs'][0]
>
