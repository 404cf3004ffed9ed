import { type Address, encodeAbiParameters, type Hash, type Hex, keccak256 } from 'viem'

import { approveAll, dollars, funds, networkHelpers, viem } from '../fixtures.ts'
import {
  type AnsweredJob,
  answerJob,
  deployMarket,
  maxAnswerWindow,
  maxChallengeWindow,
  parameters,
  type RequestedJob,
  requestJob,
} from '../JobMarket/fixtures.ts'

export const minChallengeWindow = 200
export const challengeWindow = 300

/** So short that whoever has stake is drawn well within the window. */
export const tau = 1
export const confirmWindow = 60
export const liabilityRatioPpm = 10_000_000
export const liabilityFloor = dollars(5)

export const reward = dollars(1)
/** What `liabilityRatioPpm` makes of `reward`. */
export const liability = dollars(10)
export const auditorStake = dollars(100)
/** So little that its slots come late. */
export const smallStake = dollars(10)
/** What the payer has in the escrow for audits. */
export const budget = dollars(50)

export const always = 1_000_000
/** One draw in a million: as good as never. */
export const hardlyEver = 1

/** Where an audit stands, by its code. */
export const auditStatus = {
  ...{ none: 0, ordered: 1, opened: 2, confirmed: 3, paid: 4, slashed: 5, returned: 6 },
}

/** A market with windows long enough for audits, in which `rival`, `submitter` and, with little, `outsider` are auditors. */
export async function deployAudits() {
  const fixture = await deployMarket()
  const { admin, payer, operator, rival, submitter, outsider } = fixture
  const { token, escrow, staking, registry, manager, model } = fixture
  const market = await viem.deployContract('JobMarket', [
    ...([escrow.address, staking.address, registry.address, manager.address] as const),
    ...([maxAnswerWindow, minChallengeWindow, maxChallengeWindow, parameters] as const),
  ])
  const audits = await viem.deployContract('Audits', [
    ...([market.address, tau, confirmWindow, liabilityRatioPpm, liabilityFloor] as const),
  ])
  for (const account of [submitter, outsider]) {
    await token.write.mint([account, funds], { account: admin })
  }
  await approveAll(token, [submitter, outsider], [escrow.address, staking.address])

  const stakes = [
    { account: operator, source: market.address, amount: dollars(1000) },
    { account: rival, source: audits.address, amount: auditorStake },
    { account: submitter, source: audits.address, amount: auditorStake },
    { account: outsider, source: audits.address, amount: smallStake },
  ]
  for (const { account, source, amount } of stakes) {
    await staking.write.deposit([account, amount], { account })
    await staking.write.allocate([source, model, amount], { account })
  }
  await networkHelpers.time.increase(await staking.read.ACTIVATION_DELAY())
  for (const { account, source } of stakes) await staking.write.activate([source, model, account])
  await escrow.write.deposit([payer, market.address, dollars(1000)], { account: payer })
  await escrow.write.deposit([payer, audits.address, budget], { account: payer })
  return {
    ...fixture,
    market,
    audits,
    auditor: rival,
    otherAuditor: submitter,
    smallAuditor: outsider,
  }
}

export type AuditsFixture = Awaited<ReturnType<typeof deployAudits>>

export type Order = { jobId: Hash; model: Hash; orderer: Address; ratePpm: number; reward: bigint }

/** What `audit` keeps of one audit. */
export type Ordered = { order: Order; id: Hash }

/** Orders an audit of a job as the payer. */
export async function orderAudit(
  { audits, payer, model }: AuditsFixture,
  jobId: Hash,
  overrides: Partial<Order> = {},
): Promise<Ordered> {
  const order = { jobId, model, orderer: payer, ratePpm: always, reward, ...overrides }
  await audits.write.order([order.jobId, order.model, order.ratePpm, order.reward], {
    account: order.orderer,
  })
  return { order, id: await audits.read.auditId([order]) }
}

export type OrderedJob = Ordered & { requested: RequestedJob }

/** Requests a job and orders its audit. */
export async function requestAudited(
  fixture: AuditsFixture,
  overrides: Partial<Order> = {},
): Promise<OrderedJob> {
  const requested = await requestJob(fixture, { challengeWindow })
  return { requested, ...(await orderAudit(fixture, requested.id, overrides)) }
}

export type AnsweredAudit = Ordered & { answered: AnsweredJob }

/** Requests a job, orders its audit, and has the operator answer. */
export async function answerAudited(
  fixture: AuditsFixture,
  overrides: Partial<Order> = {},
): Promise<AnsweredAudit> {
  const { requested, ...ordered } = await requestAudited(fixture, overrides)
  return { ...ordered, answered: await answerJob(fixture, requested) }
}

export type OpenedAudit = AnsweredAudit & {
  /** Time of the opening. */
  openedAt: bigint
  seedBlock: bigint
}

/** Opens the audit of an answered job and mines the block that draws, and one in which the draw can be read. */
export async function openAudit(
  { audits, publicClient, refuter }: AuditsFixture,
  audited: AnsweredAudit,
): Promise<OpenedAudit> {
  const args = [audited.order, audited.answered.context] as const
  const hash = await audits.write.open(args, { account: refuter })
  const { blockNumber } = await publicClient.getTransactionReceipt({ hash })
  const { timestamp } = await publicClient.getBlock({ blockNumber })
  await networkHelpers.mine(2)
  return { ...audited, openedAt: timestamp, seedBlock: blockNumber + 1n }
}

/** Requests, orders, answers and opens. */
export async function deployOpened(fixture: AuditsFixture, overrides: Partial<Order> = {}) {
  return openAudit(fixture, await answerAudited(fixture, overrides))
}

/** Lets the clock run until `auditor` may confirm in the next block. */
export async function reachAuditSlot({ audits }: AuditsFixture, order: Order, auditor: Address) {
  const opensAt = await audits.read.slotOf([order, auditor], { blockTag: 'pending' })
  const now = BigInt(await networkHelpers.time.latest())
  await networkHelpers.time.setNextBlockTimestamp(opensAt > now ? opensAt : now + 1n)
  return opensAt
}

/** Has the auditor confirm an opened audit in its slot. */
export async function confirmAudit(
  fixture: AuditsFixture,
  audited: OpenedAudit,
  auditor: Address = fixture.auditor,
) {
  await reachAuditSlot(fixture, audited.order, auditor)
  const args = [audited.order, auditor, audited.answered.context] as const
  await fixture.audits.write.confirm(args, { account: auditor })
  return audited
}

/** Requests, orders, answers, opens and confirms. */
export async function deployConfirmed(fixture: AuditsFixture, overrides: Partial<Order> = {}) {
  return confirmAudit(fixture, await deployOpened(fixture, overrides))
}

/** Refutes an answer. */
export async function refute({ verifier, market, refuter }: AuditsFixture, context: Hex) {
  await verifier.write.refute([market.address, context], { account: refuter })
}

/** Lets the next block be the first in which the answer is final. */
export async function reachFinality({ market }: AuditsFixture, jobId: Hash) {
  await networkHelpers.time.setNextBlockTimestamp(await market.read.finalAt([jobId]))
}

/** The audit's own seed: what the contract makes of the block's hash. */
export function auditSeedOf(blockHash: Hash, id: Hash): Hash {
  return keccak256(encodeAbiParameters([{ type: 'bytes32' }, { type: 'bytes32' }], [blockHash, id]))
}
