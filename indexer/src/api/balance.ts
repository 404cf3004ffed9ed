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
  /** Spenders of the escrow whose debits and credits are indexed. */
  spenders: readonly Address[]
}

/** A sum of the ledger beside what the chain says. */
type Compared = { ledger: bigint; chain: bigint; isRight: boolean }

export type Balances = {
  /** Block at which everything was compared. */
  block: bigint
  /** True if every book and pool is right, every movement adds up to zero and nothing is left in clearing. */
  isBalanced: boolean
  /** Inside accounts of a book against its contract's tokens, which may exceed by what was sent there by mistake. */
  books: (Compared & { book: Book; contract: Address })[]
  /** Accounts with an indexed spender of the escrow against `Escrow.poolOf`. */
  pools: (Compared & { spender: Address })[]
  /** Sum over all postings, wallets included. */
  movements: bigint
  /** Sum over the clearing accounts. */
  clearing: bigint
  /** True if every account's balance is the sum of its postings. */
  isSummed: boolean
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
    .from(head)
    .leftJoin(account, sql`true`)
    .leftJoin(posted, eq(posted.id, account.id))
    .groupBy(head.block, account.book, account.kind, account.spender)
  const sums = rows.map(({ block: _, posted, balance, ...row }) => ({
    ...row,
    posted: BigInt(posted ?? 0),
    balance: BigInt(balance ?? 0),
  }))
  return { block: rows[0]!.block, sums }
}

type Sum = Awaited<ReturnType<typeof readLedger>>['sums'][number]

function total(sums: readonly Sum[]): bigint {
  return sums.reduce((all, { posted }) => all + posted, 0n)
}

async function compareBooks(deps: BalanceDeps, block: bigint, inside: readonly Sum[]) {
  const { client, token, contracts } = deps
  const compare = async (book: Book) => {
    const contract = contracts[book]
    const call = { abi: erc20Abi, address: token, functionName: 'balanceOf' } as const
    const chain = await client.readContract({ ...call, args: [contract], blockNumber: block })
    const ledger = total(inside.filter((sum) => sum.book === book))
    return { book, contract, ledger, chain, isRight: ledger <= chain }
  }
  return Promise.all([compare('Escrow'), compare('Staking')])
}

async function comparePools(deps: BalanceDeps, block: bigint, inside: readonly Sum[]) {
  const { client, contracts, spenders } = deps
  const compare = async (spender: Address) => {
    const call = { abi: escrowAbi, address: contracts.Escrow, functionName: 'poolOf' } as const
    const chain = await client.readContract({ ...call, args: [spender], blockNumber: block })
    const isOf = ({ book, spender: of }: Sum) => book === 'Escrow' && of === spender.toLowerCase()
    const ledger = total(inside.filter(isOf))
    return { spender, ledger, chain, isRight: ledger === chain }
  }
  return Promise.all(spenders.map(compare))
}

/** Compares the ledger with the chain at the newest indexed block. */
export async function readBalances(deps: BalanceDeps): Promise<Balances> {
  const { block, sums } = await readLedger(deps.db)
  const inside = sums.filter(({ kind }) => kind !== 'Wallet')
  const [books, pools] = await Promise.all([
    compareBooks(deps, block, inside),
    comparePools(deps, block, inside),
  ])
  const movements = total(sums)
  const clearing = total(sums.filter(({ kind }) => kind === 'Clearing'))
  const isSummed = sums.every(({ posted, balance }) => posted === balance)
  const isRight = [...books, ...pools].every((compared) => compared.isRight)
  const isBalanced = isRight && isSummed && movements === 0n && clearing === 0n
  return { block, isBalanced, books, pools, movements, clearing, isSummed }
}
