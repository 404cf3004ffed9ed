import { zeroAddress, zeroHash } from 'viem'
import { expect, test } from 'vitest'

import type { AnswerRecord, AuditRecord, JobRecord } from '../book/records.ts'
import { type AuditTerms, liabilityOf } from './auditing.ts'
import { isOpenable, isSettleable } from './stageOfAudit.ts'

const terms: AuditTerms = {
  ...{ confirmWindow: 10n, requestWindow: 60n, supplyWindow: 15n },
  ...{ liabilityRatioPpm: 3_000_000n, liabilityFloor: 20n },
}

const ordered: AuditRecord = {
  ...{ id: zeroHash, status: 'ordered', orderedAt: 1_000n, changedBlock: 1n, entries: [] },
  order: { jobId: zeroHash, model: zeroHash, orderer: zeroAddress, ratePpm: 1, reward: 5n },
  ...{ opening: undefined, auditor: undefined, payout: undefined },
}
const opening = { seedBlock: 7n, confirmUntil: 1_110n }
const opened: AuditRecord = { ...ordered, status: 'opened', opening }
const confirmed: AuditRecord = { ...opened, status: 'confirmed', auditor: zeroAddress }

const answer = { challengeUntil: 1_150n } as AnswerRecord
const record = { answer, end: undefined, openChallenges: 0, finalAt: 1_150n } as JobRecord & {
  answer: AnswerRecord
}

function settleable(audit: AuditRecord, timestamp: bigint, of?: Partial<JobRecord>) {
  const job = of === undefined ? undefined : { ...record, ...of }
  return isSettleable({ audit, record: job, draw: undefined, head: { timestamp }, terms })
}

test('default: a confirmed audit ends with its job', () => {
  expect(settleable(confirmed, 1_149n, {})).toBe(false)
  expect(settleable(confirmed, 1_150n, {})).toBe(true)
  expect(settleable(confirmed, 1_120n, { end: 'refuted' })).toBe(true)
})

test('behavior: an open challenge keeps a job from being final', () => {
  expect(settleable(confirmed, 1_200n, { openChallenges: 1 })).toBe(false)
})

test('behavior: an opened one ends undrawn, refuted, or after its window', () => {
  const draw = { isDrawn: false, opensAt: 2n ** 64n - 1n }
  const head = { timestamp: 1_105n }
  expect(isSettleable({ audit: opened, record, draw, head, terms })).toBe(true)
  const drawn = { isDrawn: true, opensAt: 1_106n }
  expect(isSettleable({ audit: opened, record, draw: drawn, head, terms })).toBe(false)
  expect(settleable(opened, 1_109n, {})).toBe(false)
  expect(settleable(opened, 1_110n, {})).toBe(true)
  expect(settleable(opened, 1_105n, { end: 'refuted' })).toBe(true)
})

test('behavior: one that nobody opened ends with its job, or once it cannot be requested any more', () => {
  expect(settleable(ordered, 1_149n, {})).toBe(false)
  expect(settleable(ordered, 1_150n, {})).toBe(true)
  expect(settleable(ordered, 1_010n, { answer: undefined, end: 'expired' })).toBe(true)
  expect(settleable(ordered, 1_059n)).toBe(false)
  expect(settleable(ordered, 1_060n)).toBe(true)
})

test('behavior: nothing ends twice', () => {
  for (const status of ['paid', 'slashed', 'returned'] as const) {
    expect(settleable({ ...confirmed, status }, 2_000n, {})).toBe(false)
  }
})

test('behavior: two windows must be left to open', () => {
  const clock = { elapsed: () => 0 }
  const at = (timestamp: bigint) => ({
    ...{ number: 1n, hash: zeroHash, baseFeePerGas: 1n, seenAt: 0, interval: 1n },
    timestamp,
  })
  const openable = (audit: AuditRecord, timestamp: bigint) =>
    isOpenable({ audit, record, head: at(timestamp), terms, clock })
  expect(openable(ordered, 1_128n)).toBe(true)
  // The next block comes a second later.
  expect(openable(ordered, 1_129n)).toBe(false)
  expect(openable(opened, 1_100n)).toBe(false)
})

test('behavior: liability grows with the reward from its floor', () => {
  const of = (reward: bigint) =>
    liabilityOf(terms, { ...ordered, order: { ...ordered.order, reward } })
  expect([of(6n), of(7n), of(100n)]).toEqual([20n, 21n, 300n])
})
