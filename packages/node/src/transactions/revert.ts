import { walkCauses } from '@assay/protocol'
import { decodeError } from '@assay/sdk'

/** Why the chain refused a call. */
export type Revert = {
  /** Name of the contract's error, or `Unknown`. */
  name: string
  /** The error with its arguments, for people. */
  text: string
}

/** Returns the revert that an RPC error reports; nothing if it reports none, so that the outcome is unknown. */
export function revertOf(error: unknown): Revert | undefined {
  const decoded = decodeError(error)
  if (decoded !== undefined) {
    const { revertName, args } = decoded
    const shown = Object.entries(args).map(([name, value]) => `${name} ${value}`)
    return { name: revertName, text: `${revertName}(${shown.join(', ')})` }
  }
  const reported = walkCauses(error, (cause) => /\brevert/i.test(messageOf(cause)))
  return reported === undefined ? undefined : { name: 'Unknown', text: messageOf(reported) }
}

function messageOf(cause: unknown) {
  return cause instanceof Error ? cause.message.split('\n')[0]! : ''
}
