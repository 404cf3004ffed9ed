import { escrowAbi } from '@assay/protocol'
import { eq, type ReadonlyDrizzle, sql, sum } from 'ponder'
import { type Address, erc20Abi, type PublicClient } from 'viem'

import type * as schema from '../../ponder.schema.ts'
import { account, head, posting } from '../../ponder.schema.ts'
import type { Book } from '../lib/accounts.ts'

export type BalanceDeps = {
  db: ReadonlyDrizzle<typeof schema>
  client: Pick<PublicClient, 'readContract'>
  token: Address
  /** Contract of each book. */
  contracts: Record<Book, Address>
}

/** A sum of the ledger beside what the chain says. */
type Compared = {
  ledger: bigint
  chain: bigint
  isEqual: boolean
}

export type Balances = {
  /** Block at which everything was compared. */
  block: bigint
  /** True if every figure below is equal, every movement adds up to zero and nothing is left in clearing. */
  isBalanced: boolean
  /** Inside accounts of a book against its contract's tokens; `chain` exceeds by what was sent there by mistake. */
  books: (Compared & { book: Book; contract: Address })[]
  /** Accounts with a spender of the escrow against `Escrow.poolOf`. */
  pools: (Compared & { spender: Address })[]
  /** Sum over all postings of a book, wallets included. */
  movements: bigint
  /** Sum over the clearing accounts. */
  clearing: bigint
}

/** Sums of the ledger by book, kind and spender, in one statement, so that all are of one block. */
async function readLedger(db: BalanceDeps['db']) {
  const posted = db
    .select({ id: posting.account, amount: sum(posting.amount).as('amount') })
    .from(posting)
    .groupBy(posting.account)
    .as('posted')
  const rows = await db
    .select({
      block: head.block,
      book: account.book,
      kind: account.kind,
      spender: account.spender,
      posted: sum(posted.amount),
      balance: sum(account.balance),
    })
    .from(account)
    .innerJoin(posted, eq(posted.id, account.id))
    .innerJoin(head, sql`true`)
    .groupBy(head.block, account.book, account.kind, account.spender)
  return rows.map((row) => ({
    ...row,
    posted: BigInt(row.posted ?? 0),
    balance: BigInt(row.balance ?? 0),
  }))
}

type LedgerRow = Awaited<ReturnType<typeof readLedger>>[number]

function total(rows: readonly LedgerRow[]): bigint {
  return rows.reduce((all, { posted }) => all + posted, 0n)
}

function compare(rows: readonly LedgerRow[], chain: bigint): Compared {
  const ledger = total(rows)
  const isKept = rows.every(({ posted, balance }) => posted === balance)
  return { ledger, chain, isEqual: isKept && ledger === chain }
}

/** Compares the ledger with the chain at the newest indexed block. */
export async function readBalances(deps: BalanceDeps): Promise<Balances> {
  const { db, client, token, contracts } = deps
  const rows = await readLedger(db)
  const block = rows[0]?.block ?? 0n
  const inside = rows.filter(({ kind }) => kind !== 'Wallet')
  const books = await Promise.all(
    (['Escrow', 'Staking'] as const).map(async (book) => {
      const contract = contracts[book]
      const call = { abi: erc20Abi, address: token, functionName: 'balanceOf' } as const
      const held = await client.readContract({ ...call, args: [contract], blockNumber: block })
      return { book, contract, ...compare(ofBook(inside, book), held) }
    }),
  )
  const escrowed = ofBook(inside, 'Escrow')
  const spenders = new Set(escrowed.flatMap(({ spender }) => spender ?? []))
  const pools = await Promise.all(
    [...spenders].map(async (spender) => {
      const call = { abi: escrowAbi, address: contracts.Escrow, functionName: 'poolOf' } as const
      const pool = await client.readContract({ ...call, args: [spender], blockNumber: block })
      const own = escrowed.filter((row) => row.spender === spender)
      return { spender, ...compare(own, pool) }
    }),
  )
  const movements = total(rows)
  const clearing = total(rows.filter(({ kind }) => kind === 'Clearing'))
  const isEqual = [...books, ...pools].every((compared) => compared.isEqual)
  const isBalanced = isEqual && movements === 0n && clearing === 0n
  return { block, isBalanced, books, pools, movements, clearing }
}

function ofBook(rows: readonly LedgerRow[], book: Book) {
  return rows.filter((row) => row.book === book)
}
