import type { ReceiptDocument } from '@assay/protocol/http'
import type { Receipt } from '@assay/protocol/receipt'
import type { Address, Hash } from 'viem'

import { ChannelError } from '../errors.ts'
import { idOf } from '../support/idOf.ts'

/** Where a channel stands: the last receipt before which none is missing. */
type Standing = Pick<Receipt, 'sequence' | 'cumulativeFee'>

/** What came of adding a receipt to a channel. */
export type Added =
  | { kind: 'added'; id: Hash }
  /** It was there already: an answer that was asked for again. */
  | { kind: 'repeated'; id: Hash }

/** A contradiction that an operator signed, with the receipts that show it. */
export class ContradictionError extends ChannelError {
  override name = 'ContradictionError'
  readonly about: 'equivocation' | 'sum' | 'cap'
  readonly documents: readonly ReceiptDocument[]

  constructor(
    about: 'equivocation' | 'sum' | 'cap',
    message: string,
    documents: readonly ReceiptDocument[],
  ) {
    super(message)
    this.about = about
    this.documents = documents
  }
}

/** The receipts of one operator for one payer, as far as they are known, in whatever order they come. */
export type Channel = ReturnType<typeof createChannel>

/** Creates a channel from its receipts; `find` looks up those that were forgotten here because they add up. */
export function createChannel(
  operator: Address,
  kept: readonly ReceiptDocument[],
  find: (sequence: bigint) => ReceiptDocument | undefined,
) {
  /** Receipts after the standing, and the one it is at. */
  const known = new Map<bigint, ReceiptDocument>()
  let standing: Standing = { sequence: 0n, cumulativeFee: 0n }
  let owed = 0n
  let highest = 0n

  function add(document: ReceiptDocument, cap: bigint): Added {
    const { receipt } = document
    const { sequence, fee, cumulativeFee } = receipt
    const id = idOf(document)
    const isOld = sequence <= standing.sequence
    const same = known.get(sequence) ?? (isOld ? find(sequence) : undefined)
    if (same !== undefined) {
      if (idOf(same) === id) return { kind: 'repeated', id }
      const message = `${operator} signed two receipts ${sequence} in one channel.`
      throw new ContradictionError('equivocation', message, [same, document])
    }
    if (sequence === 0n || isOld || cumulativeFee > cap) {
      const message = `${operator} signed receipt ${sequence} over ${cumulativeFee}, the cap being ${cap}.`
      throw new ContradictionError('cap', message, [document])
    }
    requireSum(document, known.get(sequence - 1n) ?? startAt(sequence), known.get(sequence + 1n))
    if (cumulativeFee < standing.cumulativeFee + fee) {
      throw contradiction(document, known.get(standing.sequence))
    }
    known.set(sequence, document)
    if (cumulativeFee > owed) owed = cumulativeFee
    if (sequence > highest) highest = sequence
    advance()
    return { kind: 'added', id }
  }

  /** The first receipt has none before it. */
  const startAt = (sequence: bigint) => (sequence === 1n ? 'start' : undefined)

  function requireSum(
    document: ReceiptDocument,
    before: ReceiptDocument | 'start' | undefined,
    after: ReceiptDocument | undefined,
  ) {
    const { fee, cumulativeFee } = document.receipt
    const sum = before === 'start' ? 0n : before?.receipt.cumulativeFee
    if (sum !== undefined && sum + fee !== cumulativeFee) {
      throw contradiction(document, before === 'start' ? undefined : before)
    }
    if (after && cumulativeFee + after.receipt.fee !== after.receipt.cumulativeFee) {
      throw contradiction(document, after)
    }
  }

  function contradiction(document: ReceiptDocument, other: ReceiptDocument | undefined) {
    const { sequence, cumulativeFee } = document.receipt
    const message = `The fees of ${operator} do not add up to ${cumulativeFee} at receipt ${sequence}.`
    return new ContradictionError('sum', message, other ? [other, document] : [document])
  }

  function advance() {
    for (;;) {
      const next = known.get(standing.sequence + 1n)
      if (next === undefined) return
      known.delete(standing.sequence)
      standing = next.receipt
    }
  }

  for (const document of kept) add(document, document.receipt.cumulativeFee)
  return {
    operator,
    add,
    /** Sum of the fees up to the newest receipt. */
    owed: () => owed,
    /** Sequence of the last receipt before which none is missing. */
    complete: () => standing.sequence,
    hasGap: () => highest > standing.sequence,
  }
}
