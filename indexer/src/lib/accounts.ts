import type { Address, Hex } from 'viem'

/** The contract that holds the tokens. */
export type Book = 'Escrow' | 'Staking'

/** An account of a book. What it is named by is its key. */
export type Account = {
  book: Book
  kind:
    | 'Wallet'
    | 'Payer'
    | 'Held'
    | 'Tab'
    | 'Batch'
    | 'Bond'
    | 'Earned'
    | 'Protocol'
    | 'Clearing'
    | 'Free'
    | 'Active'
    | 'Pending'
    | 'Thawing'
    | 'Reward'
    | 'Unburned'
  holder?: Address
  spender?: Address
  version?: Hex
}

/** Part of a stake position. */
export type StakePart = 'Active' | 'Pending' | 'Thawing'

/** An operator's stake behind a version in a source. */
export type Stake = { operator: Address; source: Address; version: Hex }

/** Tokens outside: where deposits come from and payments go. */
export const wallet = (book: Book, holder: Address): Account => ({ book, kind: 'Wallet', holder })

/** A payer's free balance with a spender: `Escrow.balanceOf`. Without holder: somebody whom no event names. */
export const payer = (holder: Address | undefined, spender: Address): Account => ({
  book: 'Escrow',
  kind: 'Payer',
  ...(holder === undefined ? {} : { holder }),
  spender,
})

/** What the market holds for open jobs, or `Audits` as rewards of pending audits; of a spender that is not indexed, what it debited less what it credited and paid. */
export const held = (spender: Address): Account => ({ book: 'Escrow', kind: 'Held', spender })

/** What a payer set aside with the ledger, in all its tabs. */
export const tabs = (holder: Address, spender: Address): Account => ({
  book: 'Escrow',
  kind: 'Tab',
  holder,
  spender,
})

/** What waits for an operator in its settled batches. */
export const batches = (holder: Address, spender: Address): Account => ({
  book: 'Escrow',
  kind: 'Batch',
  holder,
  spender,
})

/** What a verifier, or the ledger, holds as bonds of open demands. */
export const bond = (spender: Address): Account => ({ book: 'Escrow', kind: 'Bond', spender })

/** What an operator earned and did not collect. */
export const earned = (holder: Address, spender: Address, version: Hex): Account => ({
  book: 'Escrow',
  kind: 'Earned',
  holder,
  spender,
  version,
})

/** What the protocol earned and did not collect. */
export const protocol = (spender: Address): Account => ({
  book: 'Escrow',
  kind: 'Protocol',
  spender,
})

/**
 * What a spender said it pays and the escrow has not paid yet: zero after every transaction. Parts the two events of
 * one payment, the spender's, which knows why, and the escrow's `Paid`, which knows where to.
 */
export const clearing = (spender: Address): Account => ({
  book: 'Escrow',
  kind: 'Clearing',
  spender,
})

/** An operator's unallocated stake: `OperatorStaking.freeOf`. */
export const free = (holder: Address): Account => ({ book: 'Staking', kind: 'Free', holder })

/** A part of an operator's stake position. */
export const stake = (kind: StakePart, { operator, source, version }: Stake): Account => ({
  book: 'Staking',
  kind,
  holder: operator,
  spender: source,
  version,
})

/** What a refuter was rewarded and did not withdraw: `OperatorStaking.rewardOf`. */
export const reward = (holder: Address): Account => ({ book: 'Staking', kind: 'Reward', holder })

/** Slashed stake that waits to be burned: `OperatorStaking.unburned`. */
export const unburned: Account = { book: 'Staking', kind: 'Unburned' }

/**
 * Returns the key of an account.
 *
 * @example
 * accountId(payer('0xA11ce…', '0xMarket…'))
 * // "Escrow:Payer:0xa11ce…:0xmarket…:"
 */
export function accountId({ book, kind, holder, spender, version }: Account): string {
  const names = [holder, spender, version].map((name) => (name ?? '').toLowerCase())
  return [book, kind, ...names].join(':')
}

/** A movement of tokens between two accounts of one book. */
export type Transfer = { from: Account; to: Account; amount: bigint }

/** One half of a transfer: positive where the account is credited. */
export type Line = { account: Account; amount: bigint }

/** Returns the two halves of every transfer that moves something. */
export function linesOf(transfers: readonly Transfer[]): Line[] {
  return transfers
    .filter(({ amount }) => amount !== 0n)
    .flatMap(({ from, to, amount }) => [
      { account: from, amount: -amount },
      { account: to, amount },
    ])
}
