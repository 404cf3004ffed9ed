import type { Hash, Hex } from 'viem'

import type { AppendReceiptParameters, UnsignedDocument } from '../journal/createReceipts.ts'
import type { Journal } from '../journal/openJournal.ts'

/** Something that happened to receipts. Told synchronously, between the write that precedes it and the one that follows. */
export type ReceiptEvent =
  /** Receipts are in the journal, and nobody has signed them. */
  | { type: 'receiptsWritten'; ids: readonly Hash[] }
  /** Their signatures exist; the journal does not have them. */
  | { type: 'receiptsSigned'; ids: readonly Hash[] }
  | { type: 'receiptsStored'; ids: readonly Hash[] }
  /** The journal did not take the signatures, which are made again at the next start. */
  | { type: 'receiptsUnstored'; error: unknown }

/** Signs the id of a receipt: 65 bytes, the same for the same id. */
export type SignReceipt = (id: Hash) => Promise<Hex> | Hex

export type CreateReceiptWriterParameters = {
  journal: Pick<Journal, 'receipts' | 'atomically'>
  sign: SignReceipt
  observe: (event: ReceiptEvent) => void
}

/** Writes receipts down and then signs them: in this order, whatever happens. */
export type ReceiptWriter = {
  /**
   * Writes down the receipt that `compose` returns, and signs it. `compose` is called within the transaction that writes
   * it, `written` once that is durable.
   */
  write: (compose: () => AppendReceiptParameters, written: () => void) => Promise<Written>
  /** Signs what an earlier process wrote and did not sign. */
  recover: () => Promise<void>
}

export type Written = { document: UnsignedDocument; signature: Hex }

type Order = {
  compose: () => AppendReceiptParameters
  written: () => void
  resolve: (written: Written) => void
  reject: (error: unknown) => void
}

type Row = { id: Hash; ordinal: number; document: UnsignedDocument; order?: Order }

/** Creates the writer of receipts. What comes within one turn of the event loop is made durable together. */
export function createReceiptWriter(parameters: CreateReceiptWriterParameters): ReceiptWriter {
  const { journal, observe } = parameters
  const queue: Order[] = []

  function append(orders: readonly Order[]): Row[] {
    return journal.atomically(() =>
      orders.map((order) => {
        const receipt = order.compose()
        const { id, document } = receipt
        return { id, document, order, ordinal: journal.receipts.append(receipt) }
      }),
    )
  }

  async function flush(orders: readonly Order[]) {
    let rows: Row[]
    try {
      rows = append(orders)
    } catch (error) {
      // What is wrong with one of them is no reason to fail the others.
      if (orders.length > 1) for (const order of orders) await flush([order])
      else orders[0]?.reject(error)
      return
    }
    for (const { written } of orders) written()
    observe({ type: 'receiptsWritten', ids: rows.map(({ id }) => id) })
    await signAll(parameters, rows)
  }

  return {
    write: (compose, written) =>
      new Promise((resolve, reject) => {
        if (queue.length === 0) setImmediate(() => void flush(queue.splice(0)))
        queue.push({ compose, written, resolve, reject })
      }),
    recover: () => signAll(parameters, journal.receipts.unsigned()),
  }
}

/** Signs rows, hands out what they were ordered for, and then keeps the signatures, which could be made again. */
async function signAll(
  { journal, sign, observe }: CreateReceiptWriterParameters,
  rows: readonly Row[],
) {
  const signed: { row: Row; signature: Hex }[] = []
  for (const row of rows) {
    try {
      signed.push({ row, signature: await sign(row.id) })
    } catch (error) {
      if (row.order === undefined) throw error
      row.order.reject(error)
    }
  }
  if (signed.length === 0) return
  const ids = signed.map(({ row }) => row.id)
  observe({ type: 'receiptsSigned', ids })
  for (const { row, signature } of signed) {
    row.order?.resolve({ document: row.document, signature })
  }
  try {
    journal.atomically(() => {
      for (const { row, signature } of signed) journal.receipts.sign(row.ordinal, signature)
    })
    observe({ type: 'receiptsStored', ids })
  } catch (error) {
    observe({ type: 'receiptsUnstored', error })
  }
}
