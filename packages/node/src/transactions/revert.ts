import {
  escrowAbi,
  jobMarketAbi,
  modelRegistryAbi,
  operatorStakingAbi,
  tensorVerifierAbi,
  walkCauses,
} from '@assay/protocol'
import { type Abi, decodeErrorResult, type Hex, isHex } from 'viem'

/** Why the chain refused a call. */
export type Revert = {
  /** Name of the contract's error, `Error` or `Panic`, or `Unknown`. */
  name: string
  /** The error with its arguments, for people. */
  text: string
}

const errors: Abi = [
  ...jobMarketAbi,
  ...operatorStakingAbi,
  ...modelRegistryAbi,
  ...escrowAbi,
  ...tensorVerifierAbi,
].filter((item) => item.type === 'error')

/** Returns the revert that an RPC error reports; nothing if it reports none, so that the outcome is unknown. */
export function revertOf(error: unknown): Revert | undefined {
  const data = revertDataOf(error)
  if (data !== undefined) return decodeRevert(data)
  const reported = walkCauses(error, (cause) => /\brevert/i.test(messageOf(cause)))
  return reported === undefined ? undefined : { name: 'Unknown', text: messageOf(reported) }
}

/** Returns the error that revert data encodes. */
export function decodeRevert(data: Hex): Revert {
  try {
    const { errorName, args } = decodeErrorResult({ abi: errors, data })
    const shown: readonly unknown[] = args ?? []
    return { name: errorName, text: `${errorName}(${shown.map(String).join(', ')})` }
  } catch {
    return { name: 'Unknown', text: data === '0x' ? 'no reason' : data }
  }
}

/** Nodes put revert data into `data`, as it is or inside an object. */
function revertDataOf(error: unknown): Hex | undefined {
  const holder = walkCauses(error, (cause) => hexIn(cause) !== undefined)
  return holder === undefined ? undefined : hexIn(holder)
}

function hexIn(cause: unknown): Hex | undefined {
  const data = fieldOf(cause, 'data')
  if (isHex(data) && data.length > 2) return data
  const nested = fieldOf(data, 'data')
  return isHex(nested) && nested.length > 2 ? nested : undefined
}

function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !(name in value)) return undefined
  return (value as Record<string, unknown>)[name]
}

function messageOf(cause: unknown) {
  return cause instanceof Error ? cause.message.split('\n')[0]! : ''
}
