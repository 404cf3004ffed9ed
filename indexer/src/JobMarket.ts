import {
  callback,
  challenge,
  collection,
  commitment,
  job,
  operator,
  parameterSet,
  refuter,
} from 'ponder:schema'

import { clearing, earned as earnedBy, held, payer, protocol } from './lib/accounts.ts'
import { addAnswer } from './lib/answers.ts'
import { addChange } from './lib/governance.ts'
import { addTransition, expose, moveJob } from './lib/jobs.ts'
import { post } from './lib/ledger.ts'
import { changeMarket } from './lib/markets.ts'
import { on } from './lib/on.ts'
import { addCost } from './lib/refutations.ts'
import { count, countFlow } from './lib/tally.ts'

/* REQUESTING */

on('JobMarket:JobRequested', async (handled) => {
  const { db, at, id: position } = handled
  const { args, log } = handled.event
  const { id, input } = args
  const { model: version, ramp, tau, challengeWindow, callbackGas, ...rest } = args.job
  const terms = {
    ...rest,
    version,
    ramp: BigInt(ramp),
    tau: BigInt(tau),
    challengeWindow: BigInt(challengeWindow),
    callbackGas: BigInt(callbackGas),
  }
  await db
    .insert(job)
    .values({ id, market: log.address, ...terms, input, ...unanswered, position, ...at })
    .onConflictDoNothing()
  const requested = { event: 'JobRequested', storedStatus: 'Open', actor: args.payer } as const
  await addTransition(handled, id, requested)
  await countFlow(db, at, { requested: 1, escrowed: terms.feeMax })
  await post(db, { at, id: position, event: 'JobRequested', job: id }, [
    { from: payer(args.payer, log.address), to: held(log.address), amount: terms.feeMax },
  ])
})

const unanswered = {
  storedStatus: 'Open',
  openChallenges: 0,
  finalAt: 0n,
  fee: 0n,
  protocolFee: 0n,
  reserved: 0n,
  refund: 0n,
} as const

on('JobMarket:JobExpired', async (handled) => {
  const { db, at, id: position } = handled
  const { id, refund } = handled.event.args
  const market = handled.event.log.address
  const before = await db.find(job, { id })
  if (before === null) return
  const expired = { event: 'JobExpired', storedStatus: 'Expired' } as const
  await moveJob(handled, before, expired, { refund, expiredAt: at.time })
  await countFlow(db, at, { expired: 1, refunded: refund })
  await post(db, { at, id: position, event: 'JobExpired', job: id }, [
    { from: held(market), to: payer(before.payer, market), amount: refund },
  ])
})

/* ANSWERING */

on('JobMarket:JobCommitted', async (handled) => {
  const { db, at, id: seat } = handled
  const { id, operator: by, seatUntil, bond } = handled.event.args
  const before = await db.find(job, { id })
  if (before === null) return
  const sealed = { commitment: handled.event.args.commitment, seatUntil, bond, slashed: 0n }
  await db
    .insert(commitment)
    .values({ id: seat, job: id, operator: by, ...sealed, status: 'Open', ...at })
    .onConflictDoNothing()
  const committed = { event: 'JobCommitted', storedStatus: 'Committed', actor: by } as const
  await moveJob(handled, before, committed, { seat, seatUntil })
  await expose(db, { version: before.version, operator: by }, { reserved: bond })
  await db
    .insert(operator)
    .values({ address: by, committed: 1 })
    .onConflictDoUpdate((row) => ({ committed: row.committed + 1 }))
})

on('JobMarket:SeatForfeited', async (handled) => {
  const { db, at } = handled
  const { id, operator: by, bond, slashed } = handled.event.args
  const before = await db.find(job, { id })
  if (before === null) return
  if (before.seat !== null) {
    await db.update(commitment, { id: before.seat }).set({ status: 'Forfeited', slashed })
  }
  const forfeited = { event: 'SeatForfeited', storedStatus: 'Open', actor: by } as const
  await moveJob(handled, before, forfeited, { seat: null, seatUntil: null })
  await expose(db, { version: before.version, operator: by }, { reserved: -bond })
  await count(db, at, by, { forfeited: 1 })
})

on('JobMarket:JobAnswered', async (handled) => {
  const { db, at } = handled
  const { id, operator: by, fee, protocolFee, reserved, challengeUntil } = handled.event.args
  const before = await db.find(job, { id })
  if (before === null) return
  let released = 0n
  if (before.seat !== null) {
    const revealed = await db.update(commitment, { id: before.seat }).set({ status: 'Revealed' })
    released = revealed.bond
  }
  const chainId = handled.context.chain.id
  const claimId = await addAnswer(db, at, { chainId, job: before, answered: handled.event.args })
  const answered = { event: 'JobAnswered', storedStatus: 'Answered', actor: by } as const
  const set = { operator: by, claimId, fee, protocolFee, reserved, finalAt: challengeUntil }
  const ended = { seat: null, seatUntil: null, answeredAt: at.time }
  await moveJob(handled, before, answered, { ...set, ...ended })
  await expose(db, { version: before.version, operator: by }, { reserved: reserved - released })
  await count(db, at, by, { answered: 1 })
})

/* CHALLENGES */

on('JobMarket:JobSuspended', async (handled) => {
  const { db, at, id: key } = handled
  const { id } = handled.event.args
  const open = Number(handled.event.args.open)
  const before = await db.find(job, { id })
  if (before === null) return
  const { finalAt } = before
  await db
    .insert(challenge)
    .values({ id: key, job: id, kind: 'Suspended', open, finalAt, ...at })
    .onConflictDoNothing()
  const suspended = { event: 'JobSuspended', storedStatus: 'Answered' } as const
  await moveJob(handled, before, suspended, { openChallenges: open })
})

on('JobMarket:JobResumed', async (handled) => {
  const { db, at, id: key } = handled
  const { id, finalAt } = handled.event.args
  const open = Number(handled.event.args.open)
  const before = await db.find(job, { id })
  if (before === null) return
  await db
    .insert(challenge)
    .values({ id: key, job: id, kind: 'Resumed', open, finalAt, ...at })
    .onConflictDoNothing()
  const resumed = { event: 'JobResumed', storedStatus: 'Answered' } as const
  await moveJob(handled, before, resumed, { openChallenges: open, finalAt })
})

/* SETTLING */

on('JobMarket:JobSettled', async (handled) => {
  const { db, at, id: position } = handled
  const { id, operator: by, fee, refund } = handled.event.args
  const market = handled.event.log.address
  const before = await db.find(job, { id })
  if (before === null) return
  const { version, protocolFee, reserved } = before
  const settled = { event: 'JobSettled', storedStatus: 'Settled', actor: by } as const
  await moveJob(handled, before, settled, { refund, settledAt: at.time })
  await expose(db, { version, operator: by }, { reserved: -reserved, earned: fee })
  await changeMarket(db, market, { protocolFees: protocolFee })
  await count(db, at, by, { settled: 1, earned: fee })
  await countFlow(db, at, { refunded: refund, protocolFees: protocolFee })
  await post(db, { at, id: position, event: 'JobSettled', job: id }, [
    { from: held(market), to: earnedBy(by, market, version), amount: fee },
    { from: held(market), to: protocol(market), amount: protocolFee },
    { from: held(market), to: payer(before.payer, market), amount: refund },
  ])
})

on('JobMarket:JobRefuted', async (handled) => {
  const { db, at, id: position } = handled
  const { id, operator: by, refuter: address, refund, slashed } = handled.event.args
  const market = handled.event.log.address
  const before = await db.find(job, { id })
  if (before === null || before.claimId === null) return
  const refuted = { event: 'JobRefuted', storedStatus: 'Refuted', actor: address } as const
  await moveJob(handled, before, refuted, { refund, refutedAt: at.time })
  await expose(db, { version: before.version, operator: by }, { reserved: -before.reserved })
  const claim = { source: market, claimId: before.claimId, refuter: address }
  await addCost(db, at, claim, { job: id, operator: by, refund, slashed })
  await db
    .insert(refuter)
    .values({ address, refutations: 1, rewarded: 0n, withdrawn: 0n })
    .onConflictDoUpdate((row) => ({ refutations: row.refutations + 1 }))
  await count(db, at, by, { refuted: 1 })
  await countFlow(db, at, { refunded: refund })
  await post(db, { at, id: position, event: 'JobRefuted', job: id }, [
    { from: held(market), to: payer(before.payer, market), amount: refund },
  ])
})

on('JobMarket:CallbackAttempted', async ({ event: { args }, db, at, id }) => {
  const { id: of, callback: to, success } = args
  await db
    .insert(callback)
    .values({ id, job: of, callback: to, success, ...at })
    .onConflictDoNothing()
})

on('JobMarket:EarningsCollected', async (handled) => {
  const { db, at, id } = handled
  const { operator: by, model: version, to, amount } = handled.event.args
  const market = handled.event.log.address
  await db
    .insert(collection)
    .values({ id, operator: by, version, to, amount, ...at })
    .onConflictDoNothing()
  await expose(db, { version, operator: by }, { earned: -amount })
  await db
    .insert(operator)
    .values({ address: by, collected: amount })
    .onConflictDoUpdate((row) => ({ collected: row.collected + amount }))
  await post(db, { at, id, event: 'EarningsCollected' }, [
    { from: earnedBy(by, market, version), to: clearing(market), amount },
  ])
})

/* GOVERNANCE */

on('JobMarket:ProtocolFeesCollected', async (handled) => {
  const { db, at, id } = handled
  const { to, amount } = handled.event.args
  const market = handled.event.log.address
  await db
    .insert(collection)
    .values({ id, to, amount, ...at })
    .onConflictDoNothing()
  await changeMarket(db, market, { protocolFees: -amount })
  await post(db, { at, id, event: 'ProtocolFeesCollected' }, [
    { from: protocol(market), to: clearing(market), amount },
  ])
})

on('JobMarket:ParametersSet', async ({ event: { args, log }, db, at, id }) => {
  const { protocolFeePpm, stakeRatioPpm, commitBondPpm, seatSeconds, stakeFloor } = args.parameters
  const set = {
    protocolFeePpm: BigInt(protocolFeePpm),
    stakeRatioPpm: BigInt(stakeRatioPpm),
    commitBondPpm: BigInt(commitBondPpm),
    seatSeconds: BigInt(seatSeconds),
    stakeFloor,
  }
  await db
    .insert(parameterSet)
    .values({ id: args.id, ...set, ...at })
    .onConflictDoNothing()
  await addChange({ db, at, id }, 'ParametersSet', args)
  await changeMarket(db, log.address, { currentParametersId: args.id })
})

on('JobMarket:RequestsPaused', async ({ event: { args, log }, db, at, id }) => {
  await addChange({ db, at, id }, 'RequestsPaused', args)
  await changeMarket(db, log.address, { requestsPaused: args.paused })
})

on('JobMarket:AuthorityUpdated', async (handled) => {
  await addChange(handled, 'AuthorityUpdated', handled.event.args)
})
