import type { ReceiptDocument, SignedVoucher } from '@assay/protocol/http'
import type { Address, Hash, Hex } from 'viem'

import type { Candidate } from '../catalog/upstream.ts'

/** What a payer, or a session key of it, lets the gateway sign. */
export type PursePolicy = {
  /** Most that an operator can take beyond the answers it has given, in token units. */
  exposure: bigint
  /** A voucher's cap goes beyond what is needed by this much, so that not every request needs a signature. */
  voucherStep: bigint
  /** How tabs are funded; undefined if the payer funds them itself. */
  tab: { step: bigint; max: bigint } | undefined
}

/** Who pays. */
export type Payer = {
  payer: Address
  /** Signs a digest: 65 bytes. With a session key, that key does. */
  sign: (digest: Hash) => Promise<Hex> | Hex
  /** The session key's authority; undefined if `sign` is by the payer itself, which alone can sign tab orders. */
  session: SignedVoucher['session'] | undefined
}

/** Money set aside for one attempt. */
export type Hold = {
  quote: bigint
  /** Headers that pay. */
  headers: Readonly<Record<string, string>>
  /**
   * Takes a receipt that was checked against its answer into the channel, and ends the hold. Throws `ChannelError`, with
   * the evidence kept.
   */
  accept: (
    document: ReceiptDocument,
    about: { request: Hash; key: string },
  ) => Promise<{ isRepeated: boolean }>
  /** Ends the hold: nothing is paid. Does nothing after `accept`. */
  release: () => void
}

export type ReserveParameters = Pick<Candidate, 'upstream' | 'offer'> & {
  operator: Address
  quote: bigint
}

/** What an operator said when it found a voucher or a tab short. */
export type Shortage = { cumulativeFee: bigint; reserved: bigint; quote: bigint }

/** Pays operators, within its policy. */
export type Purse = {
  payer: Address
  /** Sets money aside. Throws `ExposureError` where the policy does not allow it. */
  reserve: (parameters: ReserveParameters) => Promise<Hold>
  /**
   * Asks an operator for the receipts that are not known, and notes what it has reserved. Throws `ChannelError` if what
   * it says does not add up.
   */
  resync: (upstream: Candidate['upstream'], shortage?: Shortage) => Promise<void>
  /** Where every channel stands. */
  channels: () => {
    operator: Address
    owed: bigint
    reserved: bigint
    cap: bigint
    ordered: bigint
  }[]
}
