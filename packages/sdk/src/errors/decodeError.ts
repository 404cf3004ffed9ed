import { suiteErrorsAbi, walkCauses } from '@assay/protocol'
import { decodeErrorResult, type Hex, isHex } from 'viem'

import { type RevertArgs, RevertError, type RevertName } from './RevertError.ts'

/** Clients keep revert data in `raw`, `data` or `data.data` of some error in the chain of causes. */
function revertDataOf(error: unknown): Hex | undefined {
  if (typeof error !== 'object' || error === null) return undefined
  const { raw, data } = error as { raw?: unknown; data?: unknown }
  for (const candidate of [raw, data, (data as { data?: unknown } | undefined)?.data]) {
    if (isHex(candidate) && candidate.length >= 10) return candidate
  }
  return undefined
}

const builtInNames = { Error: ['message'], Panic: ['code'] }

function decode(data: Hex): { revertName: RevertName; args: RevertArgs<RevertName> } | undefined {
  try {
    const { errorName, args = [], abiItem } = decodeErrorResult({ abi: suiteErrorsAbi, data })
    const names =
      builtInNames[errorName as keyof typeof builtInNames] ??
      abiItem.inputs.map((input: { name?: string }, index: number) => input.name ?? `${index}`)
    const values = args as readonly unknown[]
    return {
      revertName: errorName,
      // The ABI pairs names with values; its type is lost in the union of all errors.
      args: Object.fromEntries(
        values.map((value, index) => [names[index], value]),
      ) as RevertArgs<RevertName>,
    }
  } catch {
    return undefined
  }
}

/**
 * Returns what a contract of the suite reverted with, from whatever error a client threw; undefined if it was no revert
 * that the suite knows.
 *
 * @example
 * const revert = decodeError(error)
 * // RevertError: The contract reverted with SlotNotOpen. opensAt: 1700000005 …
 */
export function decodeError(error: unknown): RevertError | undefined {
  const known = walkCauses(error, (cause) => cause instanceof RevertError)
  if (known instanceof RevertError) return known
  const data = revertDataOf(walkCauses(error, (cause) => revertDataOf(cause) !== undefined))
  const decoded = data === undefined ? undefined : decode(data)
  if (data === undefined || decoded === undefined) return undefined
  return new RevertError({ ...decoded, data, cause: error })
}

/** Returns true if `error` is, or was caused by, the named error of a contract; narrows its arguments. */
export function isRevert<name extends RevertName>(
  error: unknown,
  revertName: name,
): error is RevertError<name> {
  return error instanceof RevertError && error.revertName === revertName
}
