import { decodeVoucherHeader, encodeVoucherHeader, type SignedVoucher } from '@assay/protocol/http'
import type { Address } from 'viem'

import type { Database, Row } from './openDatabase.ts'

/** A payer's channel with the operator of the journal. */
export type Channel = {
  payer: Address
  /** Sequence of its last receipt; 0 if there is none. */
  sequence: bigint
  /** Sum of its fees, in token units. */
  cumulativeFee: bigint
  /** When its last receipt was issued, as that says: Unix time in seconds. */
  issuedAt: bigint
  /** The voucher with the highest cap; undefined if there never was one. */
  voucher: SignedVoucher | undefined
  /** Whether the payer is a contract that signed the voucher itself. */
  isContract: boolean
  /** Why the ledger does not collect by that voucher; undefined if it may. */
  refusal: string | undefined
  /** What final batches collected, in token units. */
  collected: bigint
}

/** Where an operator keeps what its payers owe and signed. */
export type Channels = ReturnType<typeof createChannels>

export function createChannels({ all, get, run }: Database) {
  const find = (payer: Address) => get('SELECT * FROM channels WHERE payer = ?', payer)

  /** Returns a channel, an empty one if it has none yet. */
  function read(payer: Address): Channel {
    const row = find(payer)
    return row === undefined ? emptyChannel(payer) : channelOf(row)
  }

  function write(channel: Channel) {
    const { payer, sequence, cumulativeFee, issuedAt, voucher, collected } = channel
    run(`INSERT OR IGNORE INTO channels (payer) VALUES (?)`, payer)
    run(
      `UPDATE channels SET sequence = ?, cumulative_fee = ?, issued_at = ?, cap = ?, voucher = ?, is_contract = ?,
         refusal = ?, collected = ?, is_due = ? WHERE payer = ?`,
      ...[Number(sequence), cumulativeFee.toString(), Number(issuedAt)],
      ...[String(voucher?.cap ?? 0n), voucher === undefined ? null : encodeVoucherHeader(voucher)],
      ...[Number(channel.isContract), channel.refusal ?? null, collected.toString()],
      ...[Number(cumulativeFee > collected), payer],
    )
  }

  return {
    read,
    write,
    /**
     * Keeps a voucher if its cap is higher than that of the one that is there, or the same and its session key lasts longer,
     * or that one was refused.
     */
    keepVoucher(voucher: SignedVoucher, isContract: boolean) {
      const channel = read(voucher.payer)
      const isBetter = channel.voucher === undefined || exceeds(voucher, channel.voucher)
      if (!isBetter && channel.refusal === undefined) return
      write({ ...channel, voucher, isContract, refusal: undefined })
    },
    /** Channels in which more was earned than final batches collected. */
    due: () => all('SELECT * FROM channels WHERE is_due = 1').map(channelOf),
  }
}

function exceeds(a: SignedVoucher, b: SignedVoucher) {
  if (a.cap !== b.cap) return a.cap > b.cap
  return b.session !== undefined && (a.session?.expiry ?? forever) > b.session.expiry
}

const forever = 2n ** 64n

function emptyChannel(payer: Address): Channel {
  return {
    ...{ payer, sequence: 0n, cumulativeFee: 0n, issuedAt: 0n, collected: 0n },
    ...{ voucher: undefined, isContract: false, refusal: undefined },
  }
}

function channelOf(row: Row): Channel {
  const { voucher, refusal } = row
  return {
    payer: row.payer as Address,
    sequence: BigInt(String(row.sequence)),
    cumulativeFee: BigInt(String(row.cumulative_fee)),
    issuedAt: BigInt(String(row.issued_at)),
    voucher: voucher === null ? undefined : decodeVoucherHeader(String(voucher)),
    isContract: row.is_contract === 1,
    refusal: refusal === null ? undefined : String(refusal),
    collected: BigInt(String(row.collected)),
  }
}
