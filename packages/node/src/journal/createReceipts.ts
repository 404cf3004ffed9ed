import { type PrivacyLevel, parseReceiptDocument, type ReceiptDocument } from '@assay/protocol/http'
import type { Address, Hash, Hex } from 'viem'

import type { Database, Row } from './openDatabase.ts'

/** A receipt that is written down, before it is signed: with claim and without secret. */
export type UnsignedDocument = Omit<ReceiptDocument, 'signature' | 'secret'>

/** A receipt as the journal keeps it. */
export type KeptReceipt = {
  /** Place among all receipts of the journal, in the order in which they were issued. */
  ordinal: number
  id: Hash
  document: UnsignedDocument
  /** Absent only between writing and signing. */
  signature: Hex | undefined
  privacy: PrivacyLevel
}

/** The answer behind a receipt. */
export type KeptAnswer = {
  /** Name of the request, and hash of everything that makes it. */
  requestId: Hash
  requestHash: Hash
  secret: Hash
  isSecretOurs: boolean
  contentType: string
  /** Exact bytes of the request; kept where they are published. */
  request: Uint8Array | undefined
  /** What was sent; undefined once it is forgotten. */
  body: Uint8Array | undefined
}

export type AppendReceiptParameters = Omit<KeptReceipt, 'ordinal' | 'signature'> & {
  answer: KeptAnswer
}

/** What data of a batch is made from, row by row. */
export type BatchRow = { id: Hash; document: string; signature: Hex; privacy: PrivacyLevel } & Pick<
  KeptAnswer,
  'secret' | 'request' | 'body'
>

/** Where an operator keeps every receipt that it issued. */
export type Receipts = ReturnType<typeof createReceipts>

export function createReceipts(database: Database) {
  const { all, get, run } = database
  const one = (row: Row | undefined) => (row === undefined ? undefined : keptOf(row))
  return {
    append: createAppend(database),
    /** Adds the signature of a receipt. */
    sign: (ordinal: number, signature: Hex) =>
      run('UPDATE receipts SET signature = ? WHERE ordinal = ?', signature, ordinal),
    /** Receipts that a crash left unsigned. */
    unsigned: () =>
      all('SELECT * FROM receipts WHERE signature IS NULL ORDER BY ordinal').map(keptOf),
    find: (id: Hash) => one(get('SELECT * FROM receipts WHERE id = ?', id)),
    /** Receipts of a channel after a sequence, first ones first. */
    after: (payer: Address, sequence: bigint, limit: number) =>
      all(
        'SELECT * FROM receipts WHERE payer = ? AND sequence > ? ORDER BY sequence LIMIT ?',
        ...[payer, Number(sequence), limit],
      ).map(keptOf),
    /** The last receipt of a channel, of those up to `ordinal`, up to which its fees come to at most `sum`. */
    upTo: (payer: Address, sum: bigint, ordinal: number) =>
      one(
        get(
          `SELECT * FROM receipts WHERE payer = ? AND cumulative_fee <= ? AND ordinal <= ?
           ORDER BY sequence DESC LIMIT 1`,
          ...[payer, padded(sum), ordinal],
        ),
      ),
    /** The receipt and answer of a payer's request. */
    answered(payer: Address, requestId: Hash) {
      const row = get(
        `SELECT * FROM answers JOIN receipts USING (ordinal)
         WHERE answers.payer = ? AND request_id = ?`,
        ...[payer, requestId],
      )
      return row && { kept: keptOf(row), answer: answerOf(row) }
    },
    /** Ordinal up to which all receipts are signed; 0 if there are none. */
    settleable() {
      const unsigned = get('SELECT min(ordinal) AS first FROM receipts WHERE signature IS NULL')!
      if (unsigned.first !== null) return Number(unsigned.first) - 1
      return Number(get('SELECT max(ordinal) AS newest FROM receipts')!.newest ?? 0)
    },
    /** When the receipt after `ordinal` was issued: Unix time in seconds. */
    issuedAfter(ordinal: number) {
      const row = get(
        'SELECT issued_at FROM receipts WHERE ordinal > ? ORDER BY ordinal LIMIT 1',
        ordinal,
      )
      return row && BigInt(String(row.issued_at))
    },
    /** Receipts of a range of ordinals with their answers, in their order. */
    rows: (first: number, last: number): BatchRow[] =>
      all(
        `SELECT id, document, signature, privacy, secret, request, body
         FROM receipts JOIN answers USING (ordinal) WHERE ordinal BETWEEN ? AND ? ORDER BY ordinal`,
        ...[first, last],
      ) as BatchRow[],
    /** Ids of a range of ordinals, in their order. */
    ids: (first: number, last: number) =>
      all(
        'SELECT id FROM receipts WHERE ordinal BETWEEN ? AND ? ORDER BY ordinal',
        ...[first, last],
      ).map(({ id }) => id as Hash),
  }
}

function createAppend({ run }: Database) {
  return ({ id, document, privacy, answer }: AppendReceiptParameters): number => {
    const { payer, sequence, cumulativeFee, issuedAt } = document.receipt
    const { lastId } = run(
      `INSERT INTO receipts (id, payer, sequence, cumulative_fee, issued_at, document, privacy)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
      ...[id, payer, Number(sequence), padded(cumulativeFee), Number(issuedAt)],
      ...[stringify(document), privacy],
    )
    run(
      `INSERT INTO answers (ordinal, payer, request_id, request_hash, secret, is_secret_ours, content_type, request, body)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ...[lastId, payer, answer.requestId, answer.requestHash, answer.secret],
      ...[Number(answer.isSecretOurs), answer.contentType],
      ...[answer.request ?? null, answer.body ?? null],
    )
    return lastId
  }
}

/** Text that sorts as its number does. */
function padded(amount: bigint) {
  return amount.toString().padStart(39, '0')
}

function stringify(document: UnsignedDocument) {
  return JSON.stringify(document, (_, value) => (typeof value === 'bigint' ? `${value}` : value))
}

function keptOf(row: Row): KeptReceipt {
  const parsed = parseReceiptDocument({ ...JSON.parse(String(row.document)), signature: '0x' })
  const { signature: _, ...document } = parsed
  return {
    ordinal: Number(row.ordinal),
    id: row.id as Hash,
    document,
    signature: row.signature === null ? undefined : (row.signature as Hex),
    privacy: row.privacy as PrivacyLevel,
  }
}

function answerOf(row: Row): KeptAnswer {
  return {
    requestId: row.request_id as Hash,
    requestHash: row.request_hash as Hash,
    secret: row.secret as Hash,
    isSecretOurs: row.is_secret_ours === 1,
    contentType: String(row.content_type),
    request: row.request === null ? undefined : (row.request as Uint8Array),
    body: row.body === null ? undefined : (row.body as Uint8Array),
  }
}
