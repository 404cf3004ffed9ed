import type { Deployment } from '@assay/protocol'
import type { Account, Address, Chain, Client, Hash, TransactionReceipt, Transport } from 'viem'

/** Any viem client. Actions that send need an account, on the client or as a parameter. */
export type AssayClient = Client<Transport, Chain | undefined, Account | undefined>

export type ReadParameters = {
  /** Where the suite is deployed. */
  deployment: Deployment
}

export type WriteParameters = ReadParameters & {
  /** Account that sends; the client's own by default. */
  account?: Account | Address | undefined
  /** How long to wait for the transaction to be included; three minutes by default. */
  timeoutMs?: number | undefined
}

/** A transaction that was included and succeeded. */
export type Submitted = {
  hash: Hash
  receipt: TransactionReceipt
}
