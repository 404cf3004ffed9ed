import type { IncomingHttpHeaders } from 'node:http'
import {
  decodeVoucherHeader,
  feeOf,
  headers as names,
  type Price,
  quoteOf,
  type ReceiptDocument,
} from '@assay/protocol/http'
import { type Receipt, verifyVoucher } from '@assay/protocol/receipt'
import { type Address, type Hash, zeroAddress } from 'viem'

/** A voucher that does not cover what is asked for. */
export type Shortage = { quote: bigint; sequence: bigint; cumulativeFee: bigint; reserved: bigint }

/** What an operator remembers of one payer. */
export type TestChannel = {
  sequence: bigint
  cumulativeFee: bigint
  reserved: bigint
  cap: bigint
  documents: ReceiptDocument[]
}

export type CreateTestLedgerParameters = {
  chainId: number
  ledger: Address
  price: Price
  maxUnitsOut: number
}

/** Creates the books of an operator that forgets them when it ends. */
export function createTestLedger(parameters: CreateTestLedgerParameters) {
  const { chainId, ledger, price, maxUnitsOut } = parameters
  const channels = new Map<Address, TestChannel>()
  /** Headers that came before: one voucher covers many requests. */
  const verified = new Set<string>()
  const answered = new Map<Hash, { document: ReceiptDocument; body: Uint8Array }>()

  function channelOf(payer: Address): TestChannel {
    const found = channels.get(payer)
    const empty = { sequence: 0n, cumulativeFee: 0n, reserved: 0n, cap: 0n, documents: [] }
    const channel = found ?? empty
    channels.set(payer, channel)
    return channel
  }

  /** Admits a request by its voucher; returns what is short otherwise. */
  async function admit(headers: IncomingHttpHeaders, bytes: number) {
    const header = headers[names.voucher]
    const quote = quoteOf({ price, requestBytes: bytes, maxUnitsOut })
    if (quote === 0n && header === undefined) return { payer: zeroAddress, quote }
    const voucher = decodeVoucherHeader(String(header))
    const { payer, operator, cap, signature, session } = voucher
    if (!verified.has(String(header))) {
      await verifyVoucher({
        ...{ chainId, ledger, voucher: { payer, operator, cap }, signature },
        ...(session && { session, timestamp: BigInt(Math.floor(Date.now() / 1000)) }),
      })
      verified.add(String(header))
    }
    const channel = channelOf(payer)
    if (cap > channel.cap) channel.cap = cap
    const { sequence, cumulativeFee, reserved } = channel
    if (cumulativeFee + reserved + quote > channel.cap) {
      return { short: { quote, sequence, cumulativeFee, reserved } satisfies Shortage }
    }
    channel.reserved += quote
    return { payer, quote }
  }

  /** Returns the receipt that comes next, without its claim's hash. */
  function next(payer: Address, usage: { unitsIn: bigint; unitsOut: bigint }, quote: bigint) {
    const channel = channelOf(payer)
    const due = feeOf(price, usage)
    const fee = due < quote ? due : quote
    const sums = { sequence: channel.sequence + 1n, cumulativeFee: channel.cumulativeFee + fee }
    return { ...usage, ...sums, payer, fee } satisfies Partial<Receipt>
  }

  function record(document: ReceiptDocument, body: Uint8Array, quote: bigint) {
    const { receipt, claim } = document
    const channel = channelOf(receipt.payer)
    channel.sequence = receipt.sequence
    channel.cumulativeFee = receipt.cumulativeFee
    channel.reserved -= quote
    channel.documents.push(document)
    answered.set(claim!.requestId, { document, body })
  }

  const release = (payer: Address, quote: bigint) => {
    channelOf(payer).reserved -= quote
  }
  /** Leaves out a place of the channel, as if there were a receipt that nobody shows. */
  const skip = (payer: Address) => {
    channelOf(payer).sequence += 1n
  }
  return { skip, admit, next, record, release, channelOf, answered, channels }
}
