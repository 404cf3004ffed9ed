import type { AssayClient, ReadParameters } from '../client.ts'
import { readLedger } from '../internal/ledger.ts'

export type GetLedgerTermsParameters = ReadParameters

export type GetLedgerTermsReturnType = {
  /** Stake reserved per amount that waits in a batch, and slashed per fee, in parts per million. */
  stakeRatioPpm: number
  /** Least stake reserved per batch that collects, and slashed per penalty, in token units. */
  stakeFloor: bigint
  /** What a demand costs whoever makes it, in token units. */
  demandBond: bigint
  /** Seconds that money waits in a batch. */
  releaseWindow: number
  /** Age in seconds at which a receipt must be in a batch. */
  horizon: number
  /** Seconds after `horizon` in which a receipt can be demanded. */
  demandWindow: number
  /** Seconds to open a demanded receipt. */
  responseWindow: number
  /** Seconds in which a receipt's claim can be challenged. */
  challengeWindow: number
  /** Seconds that a tab thaws. */
  tabThaw: number
  /** Seconds for which a signer still binds its operator after it was revoked. */
  signerDelay: number
}

/** Returns what the ledger was created with and keeps for good. */
export async function getLedgerTerms(
  client: AssayClient,
  parameters: GetLedgerTermsParameters,
): Promise<GetLedgerTermsReturnType> {
  return readLedger(client, parameters, { functionName: 'terms', args: [] })
}
