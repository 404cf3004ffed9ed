import { randomBytes } from 'node:crypto'
import { parseReceiptDocument, type ReceiptDocument, toReceiptJson } from '@assay/protocol/http'
import type { PaymentRecord, PaymentStore } from '@assay/x402'
import { type Address, type Hash, type Hex, zeroAddress } from 'viem'

import { GatewayJournalError } from '../errors.ts'
import type { Clock } from '../support/clock.ts'
import { idOf } from '../support/idOf.ts'
import { type Database, openDatabase, type Row } from './openDatabase.ts'

/** A channel as far as the payer bound itself in it. */
export type ChannelRow = {
  operator: Address
  /** Highest cap signed. */
  cap: bigint
  /** Highest total of a tab order signed. */
  ordered: bigint
  epoch: number
}

/** An answer kept for those who ask again. */
export type KeptAnswer = {
  status: number
  headers: Record<string, string>
  body: Uint8Array
}

/** What lasts: written before the effect that it is about. */
export type Journal = ReturnType<typeof openJournal>

export type OpenJournalParameters = {
  path: string
  clock: Clock
  /** Whose journal it is: chain, ledger and payer. */
  owner: string
}

/** Opens the journal; throws `GatewayJournalError` if it belongs to somebody else or is in use. */
export function openJournal({ path, clock, owner }: OpenJournalParameters) {
  const database = openDatabase(path)
  const found = fact(database, 'owner', owner)
  if (found !== owner) {
    database.close()
    throw new GatewayJournalError(`The journal ${path} belongs to ${found}, not to ${owner}.`)
  }
  return {
    /** 32 random bytes of this journal: names and secrets of requests that come again are derived from them. */
    seed: fact(database, 'seed', `0x${randomBytes(32).toString('hex')}`) as Hex,
    channels: channelsIn(database),
    receipts: receiptsIn(database, clock),
    attempts: attemptsIn(database, clock),
    answers: answersIn(database, clock),
    spending: spendingIn(database),
    payments: paymentsIn(database, clock),
    /** Forgets attempts and answers older than `ageMs`. Receipts, evidence and payments stay. */
    prune(ageMs: number) {
      const before = clock.now() - ageMs
      database.write('DELETE FROM attempts WHERE started_at < ?', before)
      database.write('DELETE FROM answers WHERE stored_at < ?', before)
    },
    close: database.close,
  }
}

/** A fact that is set once. */
function fact({ get, write }: Database, name: string, value: string): string {
  write('INSERT INTO facts (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING', name, value)
  return String(get('SELECT value FROM facts WHERE name = ?', name)!.value)
}

function channelsIn({ all, write }: Database) {
  return {
    all: () => all('SELECT * FROM channels').map(channelOf),
    /** Lasts on return: the signature leaves only then. */
    put: ({ operator, cap, ordered, epoch }: ChannelRow) =>
      write(
        'INSERT OR REPLACE INTO channels (operator, cap, ordered, epoch) VALUES (?, ?, ?, ?)',
        ...[operator, cap.toString(), ordered.toString(), epoch],
      ),
  }
}

function channelOf(row: Row): ChannelRow {
  const { operator, cap, ordered, epoch } = row
  return {
    operator: operator as Address,
    cap: BigInt(String(cap)),
    ordered: BigInt(String(ordered)),
    epoch: Number(epoch),
  }
}

const documentOf = (row: Row) => parseReceiptDocument(JSON.parse(String(row.document)))

function receiptsIn({ all, get, write, writeSoon }: Database, clock: Clock) {
  return {
    /** Keeps a receipt; resolves once it lasts. */
    put(document: ReceiptDocument, { request, key }: { request?: Hash; key?: string }) {
      const { receipt } = document
      return writeSoon(
        `INSERT INTO receipts (id, operator, payer, sequence, document, request, key, stored_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
        ...[idOf(document), receipt.operator, receipt.payer, Number(receipt.sequence)],
        ...[JSON.stringify(toReceiptJson(document)), request ?? null, key ?? null, clock.now()],
      )
    },
    find(id: string) {
      const row = get('SELECT document, key FROM receipts WHERE id = ?', id)
      if (row === undefined) return undefined
      return { document: documentOf(row), key: row.key === null ? undefined : String(row.key) }
    },
    /** Receipts of a channel, by sequence; what cost nothing is in nobody's channel. */
    of: (operator: Address) =>
      all(
        'SELECT document FROM receipts WHERE operator = ? AND payer != ? ORDER BY sequence',
        ...[operator, zeroAddress],
      ).map(documentOf),
    /** Keeps what shows that an operator signed what it must not; lasts on return. */
    keepEvidence(
      operator: Address,
      about: string,
      reason: string,
      documents: readonly ReceiptDocument[],
    ) {
      write(
        `INSERT INTO evidence (operator, about, reason, documents, stored_at)
         VALUES (?, ?, ?, ?, ?)`,
        ...[operator, about, reason, JSON.stringify(documents.map(toReceiptJson)), clock.now()],
      )
    },
    evidence: () =>
      all('SELECT * FROM evidence ORDER BY id').map(({ operator, about, reason, documents }) => ({
        operator: operator as Address,
        about: String(about),
        reason: String(reason),
        documents: (JSON.parse(String(documents)) as unknown[]).map(parseReceiptDocument),
      })),
  }
}

export type AttemptRow = {
  request: Hash
  upstream: string
  key: string
  model: string
}

function attemptsIn({ all, get, writeSoon, writeDurably }: Database, clock: Clock) {
  return {
    /** Notes that an upstream is about to be asked; resolves once that lasts, on the disk if the request is named. */
    begin: ({ request, upstream, key, model }: AttemptRow, isNamed: boolean) =>
      (isNamed ? writeDurably : writeSoon)(
        `INSERT OR REPLACE INTO attempts (request, upstream, key, model, started_at)
         VALUES (?, ?, ?, ?, ?)`,
        ...[request, upstream, key, model, clock.now()],
      ),
    end: (
      { request, upstream }: Pick<AttemptRow, 'request' | 'upstream'>,
      outcome: string,
      elapsedMs: number,
    ) =>
      void writeSoon(
        'UPDATE attempts SET outcome = ?, elapsed_ms = ? WHERE request = ? AND upstream = ?',
        ...[outcome, Math.round(elapsedMs), request, upstream],
      ),
    /** Who was asked this before, and may have answered. */
    upstreamsOf: (request: Hash) =>
      all('SELECT upstream FROM attempts WHERE request = ? ORDER BY started_at DESC', request).map(
        ({ upstream }) => String(upstream),
      ),
    /** Which key a request is on. */
    keyOf(request: Hash) {
      const row = get('SELECT key FROM attempts WHERE request = ? LIMIT 1', request)
      return row === undefined ? undefined : String(row.key)
    },
  }
}

function answersIn({ get, writeSoon, writeDurably }: Database, clock: Clock) {
  return {
    find(request: Hash): { bodyHash: Hash; answer: KeptAnswer | undefined } | undefined {
      const row = get('SELECT * FROM answers WHERE request = ?', request)
      if (row === undefined) return undefined
      const { body_hash: bodyHash, answer, body } = row
      const head = answer === null ? undefined : JSON.parse(String(answer))
      return {
        bodyHash: bodyHash as Hash,
        answer: head && { ...head, body: body as Uint8Array },
      }
    },
    /** Notes a request that may come again; resolves once it lasts. */
    begin: (request: Hash, bodyHash: Hash) =>
      writeDurably(
        `INSERT INTO answers (request, body_hash, stored_at) VALUES (?, ?, ?)
         ON CONFLICT DO NOTHING`,
        ...[request, bodyHash, clock.now()],
      ),
    finish: (request: Hash, { body, ...head }: KeptAnswer) =>
      writeSoon(
        'UPDATE answers SET answer = ?, body = ?, stored_at = ? WHERE request = ?',
        ...[JSON.stringify(head), body, clock.now(), request],
      ),
  }
}

function spendingIn({ get, writeSoon }: Database) {
  return {
    of(key: string, period: string): bigint {
      const row = get('SELECT amount FROM spending WHERE key = ? AND period = ?', key, period)
      return BigInt(String(row?.amount ?? 0))
    },
    put: (key: string, period: string, amount: bigint) =>
      writeSoon(
        'INSERT OR REPLACE INTO spending (key, period, amount) VALUES (?, ?, ?)',
        ...[key, period, amount.toString()],
      ),
  }
}

function paymentsIn({ get, writeThrough }: Database, clock: Clock): PaymentStore {
  return {
    get(id) {
      const row = get('SELECT * FROM payments WHERE id = ?', id)
      if (row === undefined) return undefined
      const { state, transaction, request_hash: requestHash } = row
      return {
        state: state as PaymentRecord['state'],
        transaction: transaction === null ? undefined : (transaction as Hash),
        requestHash: requestHash as Hash,
      }
    },
    put: (id, { state, transaction, requestHash }) =>
      writeThrough(
        `INSERT OR REPLACE INTO payments (id, state, "transaction", request_hash, stored_at)
         VALUES (?, ?, ?, ?, ?)`,
        ...[id, state, transaction ?? null, requestHash, clock.now()],
      ),
  }
}
