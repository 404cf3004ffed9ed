import { ask, operator, refuter, slashing, stakeMovement, stakePosition } from 'ponder:schema'
import { type Address, type Hex, zeroAddress } from 'viem'

import { free, reward, type Stake, stake, type Transfer, unburned, wallet } from './lib/accounts.ts'
import { clean } from './lib/json.ts'
import { post } from './lib/ledger.ts'
import { type Db, type Handled, type LogEventNames, on } from './lib/on.ts'
import { addCost, isClaimOf } from './lib/refutations.ts'
import { takeStake } from './lib/takeStake.ts'
import { count, countFlow } from './lib/tally.ts'

type Position = Omit<typeof stakePosition.$inferSelect, keyof Stake>

const empty: Position = {
  active: 0n,
  pending: 0n,
  thawing: 0n,
  activeAt: 0n,
  thawedAt: 0n,
  slashed: 0n,
}

type Movement = Partial<Stake> & {
  kind: (typeof stakeMovement.$inferSelect)['kind']
  amount: bigint
  counterparty?: Address
}

/** Keeps a movement of stake and posts it. */
async function move(
  { db, at, id }: Pick<Handled<LogEventNames>, 'db' | 'at' | 'id'>,
  movement: Movement,
  transfers: Transfer[],
) {
  await db
    .insert(stakeMovement)
    .values({ id, ...movement, ...at })
    .onConflictDoNothing()
  await post(db, { at, id, event: movement.kind }, transfers)
}

/** Changes a position, which starts empty. */
async function change(db: Db, key: Stake, by: (position: Position) => Partial<Position>) {
  await db
    .insert(stakePosition)
    .values({ ...key, ...empty, ...by(empty) })
    .onConflictDoUpdate(by)
}

/** Contracts call a model's version `model`. */
function stakeOf(args: { operator: Address; source: Address; model: Hex }): Stake {
  return { operator: args.operator, source: args.source, version: args.model }
}

on('OperatorStaking:OperatorRegistered', async ({ event: { args }, db, at }) => {
  const { operator: address, signer, payout, encryptionKey } = args
  const registered = { signer, payout, encryptionKey, endpoint: clean(args.endpoint) }
  await db
    .insert(operator)
    .values({ address, ...registered, registeredAt: at.time })
    .onConflictDoUpdate((row) => ({ ...registered, registeredAt: row.registeredAt ?? at.time }))
})

on('OperatorStaking:AskSet', async ({ event: { args }, db, at }) => {
  const { operator: address, model: version, price, serving } = args
  const set = { price, serving, updatedAt: at.time }
  await db.insert(operator).values({ address }).onConflictDoNothing()
  await db
    .insert(ask)
    .values({ operator: address, version, ...set })
    .onConflictDoUpdate(set)
})

on('OperatorStaking:StakeDeposited', async (handled) => {
  const { operator: address, from: counterparty, amount } = handled.event.args
  await handled.db.insert(operator).values({ address }).onConflictDoNothing()
  const movement = { kind: 'Deposited', operator: address, counterparty, amount } as const
  await move(handled, movement, [
    { from: wallet('Staking', counterparty), to: free(address), amount },
  ])
})

on('OperatorStaking:StakeAllocated', async (handled) => {
  const { amount, pending, activeAt } = handled.event.args
  const key = stakeOf(handled.event.args)
  await change(handled.db, key, () => ({ pending, activeAt }))
  await move(handled, { kind: 'Allocated', ...key, amount }, [
    { from: free(key.operator), to: stake('Pending', key), amount },
  ])
})

on('OperatorStaking:StakeActivated', async (handled) => {
  const { amount, active } = handled.event.args
  const key = stakeOf(handled.event.args)
  await change(handled.db, key, () => ({ active, pending: 0n }))
  await move(handled, { kind: 'Activated', ...key, amount }, [
    { from: stake('Pending', key), to: stake('Active', key), amount },
  ])
})

on('OperatorStaking:StakeThawed', async (handled) => {
  const { amount, thawing, thawedAt } = handled.event.args
  const key = stakeOf(handled.event.args)
  await change(handled.db, key, ({ active }) => ({ active: active - amount, thawing, thawedAt }))
  await move(handled, { kind: 'Thawed', ...key, amount }, [
    { from: stake('Active', key), to: stake('Thawing', key), amount },
  ])
})

on('OperatorStaking:StakeFreed', async (handled) => {
  const { amount } = handled.event.args
  const key = stakeOf(handled.event.args)
  await change(handled.db, key, () => ({ thawing: 0n }))
  await move(handled, { kind: 'Freed', ...key, amount }, [
    { from: stake('Thawing', key), to: free(key.operator), amount },
  ])
})

on('OperatorStaking:StakeWithdrawn', async (handled) => {
  const { operator: address, to: counterparty, amount } = handled.event.args
  const movement = { kind: 'Withdrawn', operator: address, counterparty, amount } as const
  await move(handled, movement, [
    { from: free(address), to: wallet('Staking', counterparty), amount },
  ])
})

on('OperatorStaking:StakeSlashed', async (handled) => {
  const { db, at, id, event } = handled
  const { reason, requested, slashed, rewarded } = event.args
  const key = stakeOf(event.args)
  const burned = slashed - rewarded
  const taken = takeStake((await db.find(stakePosition, key)) ?? empty, slashed)
  await change(db, key, (position) => ({
    active: position.active - taken.active,
    thawing: position.thawing - taken.thawing,
    pending: position.pending - taken.pending,
    slashed: position.slashed + slashed,
  }))
  const movement = { kind: 'Slashed', ...key, counterparty: event.args.refuter } as const
  await move(handled, { ...movement, amount: slashed }, [
    { from: stake('Active', key), to: unburned, amount: taken.active },
    { from: stake('Thawing', key), to: unburned, amount: taken.thawing },
    { from: stake('Pending', key), to: unburned, amount: taken.pending },
    { from: unburned, to: reward(event.args.refuter), amount: rewarded },
  ])
  const amounts = { requested, slashed, rewarded, burned }
  await db
    .insert(slashing)
    .values({ id, ...key, reason, refuter: event.args.refuter, ...amounts, ...at })
    .onConflictDoNothing()
  await count(db, at, key.operator, { slashed })
  await countFlow(db, at, { rewarded })
  if (event.args.refuter !== zeroAddress) await addReward(db, event.args.refuter, rewarded)
  if (!(await isClaimOf(db, key.source, reason))) return
  const refuted = { source: key.source, claimId: reason, refuter: event.args.refuter }
  await addCost(db, at, refuted, { slashed, rewarded, burned })
})

async function addReward(db: Db, address: Address, rewarded: bigint) {
  await db
    .insert(refuter)
    .values({ address, refutations: 0, rewarded, withdrawn: 0n })
    .onConflictDoUpdate((row) => ({ rewarded: row.rewarded + rewarded }))
}

on('OperatorStaking:RewardWithdrawn', async (handled) => {
  const { refuter: address, to: counterparty, amount } = handled.event.args
  await handled.db
    .insert(refuter)
    .values({ address, refutations: 0, rewarded: 0n, withdrawn: amount })
    .onConflictDoUpdate((row) => ({ withdrawn: row.withdrawn + amount }))
  await move(handled, { kind: 'RewardWithdrawn', counterparty, amount }, [
    { from: reward(address), to: wallet('Staking', counterparty), amount },
  ])
})

on('OperatorStaking:StakeBurned', async (handled) => {
  const { amount } = handled.event.args
  await move(handled, { kind: 'Burned', amount }, [
    { from: unburned, to: wallet('Staking', burnAddress), amount },
  ])
})

/** `OperatorStaking.BURN_ADDRESS`. */
const burnAddress: Address = '0x000000000000000000000000000000000000dEaD'
