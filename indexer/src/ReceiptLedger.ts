import {
  batchSettlement,
  receiptCollection,
  receiptDemand,
  receiptDispute,
  receiptLedger,
  receiptRefund,
  receiptSigner,
  tab,
} from 'ponder:schema'
import { batchOf, decodeOutcomes, readBatchNumber } from '@assay/protocol/receipt'

import { batches, bond, clearing, payer, tabs } from './lib/accounts.ts'
import { refundBatchOf, reservationFor } from './lib/batches.ts'
import { addCollections, pack } from './lib/collections.ts'
import { dispute, isExcess, penalise } from './lib/disputes.ts'
import { post } from './lib/ledger.ts'
import { type Handled, on } from './lib/on.ts'
import { changePledge } from './lib/pledges.ts'
import { addCost } from './lib/refutations.ts'

on('ReceiptLedger:TermsSet', async ({ event: { args, log }, db, at }) => {
  const { stakeFloor, demandBond, ...numbers } = args.terms
  const terms = {
    stakeFloor,
    demandBond,
    stakeRatioPpm: BigInt(numbers.stakeRatioPpm),
    releaseWindow: BigInt(numbers.releaseWindow),
    horizon: BigInt(numbers.horizon),
    demandWindow: BigInt(numbers.demandWindow),
    responseWindow: BigInt(numbers.responseWindow),
    challengeWindow: BigInt(numbers.challengeWindow),
    tabThaw: BigInt(numbers.tabThaw),
    signerDelay: BigInt(numbers.signerDelay),
  }
  await db
    .insert(receiptLedger)
    .values({ address: log.address, ...terms, ...at })
    .onConflictDoNothing()
})

/* OPERATORS */

on('ReceiptLedger:SignerSet', async ({ event: { args }, db, at }) => {
  const { operator, signer, until } = args
  await db
    .insert(receiptSigner)
    .values({ operator, signer, until, updatedAt: at.time })
    .onConflictDoUpdate({ until, updatedAt: at.time })
})

on('ReceiptLedger:StakePledged', async ({ event: { args }, db, at }) => {
  await changePledge(db, at, args.operator, () => ({ pledged: args.pledged }))
})

/* TABS */

on('ReceiptLedger:TabFunded', async ({ event: { args, log }, db, at, id }) => {
  const { payer: by, operator, amount, funded } = args
  const set = { funded, updatedAt: at.time }
  const unspent = { spent: 0n, thawedAt: null, epoch: 0n, sequence: 0n }
  await db
    .insert(tab)
    .values({ payer: by, operator, ...unspent, ...set })
    .onConflictDoUpdate(set)
  await post(db, { at, id, event: 'TabFunded' }, [
    { from: payer(by, log.address), to: tabs(by, log.address), amount },
  ])
})

on('ReceiptLedger:TabThawed', async ({ event: { args }, db, at }) => {
  const { payer: by, operator, thawedAt } = args
  await db.update(tab, { payer: by, operator }).set({ thawedAt, updatedAt: at.time })
})

on('ReceiptLedger:TabClosed', async ({ event: { args, log }, db, at, id }) => {
  const { payer: by, operator, returned: amount } = args
  const closed = { thawedAt: null, epoch: BigInt(args.epoch), updatedAt: at.time }
  await db.update(tab, { payer: by, operator }).set(({ spent }) => ({ ...closed, funded: spent }))
  await post(db, { at, id, event: 'TabClosed' }, [
    { from: tabs(by, log.address), to: payer(by, log.address), amount },
  ])
})

/* BATCHES */

on('ReceiptLedger:BatchSettled', async ({ event: { args, log }, db, at, id }) => {
  const { operator, number, root, count, dataHash, outcomes } = args
  const { amount, outcomesHash } = batchOf(args)
  const words = { outcomes: pack(outcomes), outcomesHash }
  const { index, settledAt } = readBatchNumber(number)
  const posted = { root, count, dataHash, index: BigInt(index), settledAt }
  const reserved = await reservationFor(db, log.address, amount)
  const held = { amount, reserved, status: 'Settled' } as const
  await db
    .insert(batchSettlement)
    .values({ operator, number, ...posted, ...words, ...held, ...at })
    .onConflictDoNothing()
  await changePledge(db, at, operator, (before) => ({
    reserved: before.reserved + reserved,
    batches: before.batches + 1n,
  }))
  const collected = { operator, number, outcomes: decodeOutcomes(outcomes) }
  const moved = await addCollections(db, at, { ledger: log.address, ...collected })
  await post(db, { at, id, event: 'BatchSettled' }, moved)
})

on('ReceiptLedger:BatchReleased', async ({ event: { args, log }, db, at, id }) => {
  const { operator, number, to: payout, amount } = args
  const released = { status: 'Released', releasedAt: at.time, payout } as const
  const { reserved } = await db.update(batchSettlement, { operator, number }).set(released)
  await changePledge(db, at, operator, (before) => ({ reserved: before.reserved - reserved }))
  await post(db, { at, id, event: 'BatchReleased' }, [
    { from: batches(operator, log.address), to: clearing(log.address), amount },
  ])
})

/* PENALTIES */

on('ReceiptLedger:EquivocationProven', async (handled) => {
  const { db, at } = handled
  const { operator, payer: of, sequence, first, second, refuter, slashed } = handled.event.args
  for (const id of [first, second]) await dispute(db, at, id, { operator, equivocated: true })
  const place = { receipt: first, other: second, payer: of, sequence }
  await penalise(handled, { kind: 'Equivocation', ...place, operator, refuter, slashed })
})

on('ReceiptLedger:OverchargeProven', async (handled) => {
  const { id: receipt, operator, number, excess, refuter, slashed } = handled.event.args
  await dispute(handled.db, handled.at, receipt, { operator })
  const over = { receipt, number, excess }
  await penalise(handled, { kind: 'Overcharge', ...over, operator, refuter, slashed })
})

on('ReceiptLedger:ReceiptDemanded', async ({ event: { args, log }, db, at, id }) => {
  const { id: receipt, operator, demander, deadline } = args
  const terms = await db.find(receiptLedger, { address: log.address })
  // The ledger's first event tells its terms.
  const amount = terms!.demandBond
  const demanded = { receipt, operator, demander, bond: amount, deadline, status: 'Open' } as const
  await db
    .insert(receiptDemand)
    .values({ id, ...demanded, ...at })
    .onConflictDoNothing()
  await dispute(db, at, receipt, { operator, demand: id })
  await post(db, { at, id, event: 'ReceiptDemanded' }, [
    { from: payer(demander, log.address), to: bond(log.address), amount },
  ])
})

type DemandRow = typeof receiptDemand.$inferSelect
type DemandEnd = Partial<DemandRow> & { status: 'Opened' | 'Omitted' }
type EndingEvents = `ReceiptLedger:${'ReceiptOpened' | 'OmissionProven'}`

/** Ends the demand of a receipt and gives its bond to the operator if it was opened, else back. */
async function endDemand({ event, db, at, id }: Handled<EndingEvents>, end: DemandEnd) {
  const ledger = event.log.address
  const disputed = await db.find(receiptDispute, { id: event.args.id })
  if (!disputed?.demand) return
  const ended = { ...end, endedAt: at.time }
  const {
    bond: amount,
    operator,
    demander,
  } = await db.update(receiptDemand, { id: disputed.demand }).set(ended)
  const to = payer(end.status === 'Opened' ? operator : demander, ledger)
  await dispute(db, at, event.args.id, { demand: null })
  const cause = end.status === 'Opened' ? 'ReceiptOpened' : 'OmissionProven'
  await post(db, { at, id, event: cause }, [{ from: bond(ledger), to, amount }])
}

on('ReceiptLedger:ReceiptOpened', async (handled) => {
  const { number, leaf } = handled.event.args
  await endDemand(handled, { status: 'Opened', number, leaf })
})

on('ReceiptLedger:OmissionProven', async (handled) => {
  const { id: receipt, operator, demander: refuter, slashed } = handled.event.args
  await endDemand(handled, { status: 'Omitted' })
  await dispute(handled.db, handled.at, receipt, { operator, omitted: true })
  await penalise(handled, { kind: 'Omission', receipt, operator, refuter, slashed })
})

on('ReceiptLedger:ReceiptRefunded', async ({ event: { args, log }, db, at, id }) => {
  const { id: receipt, payer: of, operator, number, amount } = args
  const outcome = Number(args.outcome)
  await db
    .insert(receiptRefund)
    .values({ id, receipt, payer: of, operator, number, outcome, amount, ...at })
    .onConflictDoNothing()
  const place = { operator, number, outcome }
  await db.update(receiptCollection, place).set(({ refunded }) => ({ refunded: refunded + amount }))
  await refundBatchOf(db, at, { operator, number, outcome, amount, ledger: log.address })
  if (!(await isExcess(db, at, { receipt, number }))) {
    await dispute(db, at, receipt, { operator, refunded: true })
  }
  await post(db, { at, id, event: 'ReceiptRefunded' }, [
    { from: batches(operator, log.address), to: payer(of, log.address), amount },
  ])
})

/* CHALLENGES */

on('ReceiptLedger:ClaimSuspended', async ({ event: { args }, db, at }) => {
  await dispute(db, at, args.id, { openChallenges: Number(args.openChallenges) })
})

on('ReceiptLedger:ClaimResumed', async ({ event: { args }, db, at }) => {
  const { id, finalAt } = args
  await dispute(db, at, id, { openChallenges: Number(args.openChallenges), finalAt })
})

on('ReceiptLedger:ClaimRefuted', async (handled) => {
  const { db, at, event } = handled
  const { id: receipt, operator, verifier, refuter, slashed } = event.args
  await dispute(db, at, receipt, { operator, refuted: true })
  const penalty = { kind: 'Refutation', receipt, operator, verifier, refuter, slashed } as const
  const where = await penalise(handled, penalty)
  const refuted = { source: event.log.address, claimId: receipt, refuter }
  await addCost(db, at, refuted, { operator, slashed, ...where })
})
