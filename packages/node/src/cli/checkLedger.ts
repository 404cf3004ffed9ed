import { type Deployment, receiptLedgerAbi } from '@assay/protocol'
import { type Address, isAddressEqual, type PublicClient } from 'viem'

import { SignerUnknownError } from '../receipts/errors.ts'
import type { Clock } from '../support/clock.ts'
import { ConfigError } from './errors.ts'

export type CheckLedgerParameters = {
  client: Pick<PublicClient, 'readContract'>
  deployment: Pick<Deployment, 'ledger'>
  operator: Address
  /** Whose key signs receipts. */
  signer: Address
  retainHours: number
  clock: Clock
  /** Told that the ledger could not be asked: nothing was checked then. */
  onUnknown: (error: unknown) => void
}

/**
 * Checks, before the first receipt is signed, that the ledger would take it for the operator's, and that it is kept for as
 * long as it can be demanded. Throws `SignerUnknownError` or `ConfigError`.
 */
export async function checkLedger(parameters: CheckLedgerParameters): Promise<void> {
  const { operator, signer, retainHours, clock, onUnknown } = parameters
  let read: Awaited<ReturnType<typeof readLedger>>
  try {
    read = await readLedger(parameters)
  } catch (error) {
    // An outage is waited out: an operator that starts again during one must still answer demands.
    return onUnknown(error)
  }
  const { signerUntil, disputableSeconds } = read
  const isOwn = isAddressEqual(signer, operator)
  if (!isOwn && signerUntil <= BigInt(Math.floor(clock.now() / 1000))) {
    throw new SignerUnknownError(signer, operator)
  }
  if (retainHours * 3_600 > disputableSeconds) return
  const hours = Math.ceil((disputableSeconds + 1) / 3_600)
  throw new ConfigError(
    `retainHours is ${retainHours}, but receipts can be demanded and opened for ${disputableSeconds} s: set at least ${hours}.`,
  )
}

async function readLedger({ client, deployment, operator, signer }: CheckLedgerParameters) {
  const ledger = { address: deployment.ledger, abi: receiptLedgerAbi } as const
  const [terms, signerUntil] = await Promise.all([
    client.readContract({ ...ledger, functionName: 'terms' }),
    client.readContract({ ...ledger, functionName: 'signerUntil', args: [operator, signer] }),
  ])
  const { horizon, demandWindow, responseWindow } = terms
  return { signerUntil, disputableSeconds: horizon + demandWindow + responseWindow }
}
