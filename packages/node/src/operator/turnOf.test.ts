import { type Parameters, slotOf } from '@assay/protocol'
import { keccak256, zeroAddress } from 'viem'
import { expect, test } from 'vitest'

import type { JobRecord } from '../book/records.ts'
import type { Stake } from './createMarketReader.ts'
import { type TurnOfParameters, turnOf } from './turnOf.ts'

const operator = '0x00000000000000000000000000000000000000aa'
const rival = '0x00000000000000000000000000000000000000bb'
const seed = keccak256('0x07')
const requestedAt = 1_000n

const set: Parameters = {
  protocolFeePpm: 20_000,
  stakeRatioPpm: 2_000_000,
  commitBondPpm: 100_000,
  seatSeconds: 5,
  stakeFloor: 10n,
}
const stake: Stake = {
  ...{ active: 1_000n, total: 2_000n, reserved: 0n },
  ...{ earned: 0n, pending: 0n, activeAt: 0n },
}
const job: JobRecord['job'] = {
  ...{ payer: zeroAddress, model: seed, inputHash: seed, verifier: zeroAddress },
  ...{ feeMin: 100n, feeMax: 200n, ramp: 10, tau: 2, deadline: 1_500n, challengeWindow: 0 },
  ...{ parametersId: 1, callbackGas: 0, callback: zeroAddress, salt: seed },
}
const record: JobRecord = {
  ...{ id: seed, job, input: new Uint8Array(), requestedBlock: 5n, requestedAt },
  ...{ seat: undefined, answer: undefined, openChallenges: 0, finalAt: 0n, end: undefined },
  ...{ refuter: undefined, isDelivered: false, changedBlock: 5n, entries: [] },
}
const weights = { weight: 1_000n, totalWeight: 2_000n, tau: 2, requestedAt }
const opensAt = slotOf({ seed, operator, ...weights })

function turn(overrides: Partial<TurnOfParameters> = {}) {
  return turnOf({
    ...{ record, operator, seed, stake, parameters: set, next: opensAt, ask: 0n },
    ...{ mode: 'direct', mayCommit: true, commitment: undefined, rivals: [], interval: 1n },
    ...overrides,
  })
}

function seatOf(holder: `0x${string}`) {
  const seat = { operator: holder, commitment: seed, until: opensAt + 5n }
  return { record: { ...record, seat } }
}

test('default: answers in the second in which its slot opens', () => {
  expect(turn()).toBe('answer')
  expect(turn({ next: opensAt - 1n })).toBe('wait')
})

test('behavior: waits for the seed', () => {
  expect(turn({ seed: undefined })).toBe('wait')
})

test('behavior: waits until the fee is worth it', () => {
  const late = opensAt > 1_010n ? opensAt : 1_010n
  // 200 less 2 % for the protocol.
  expect(turn({ ask: 196n, next: late })).toBe('answer')
  expect(turn({ ask: 197n, next: late })).toBe('wait')
})

test('behavior: waits until the stake covers the reservation', () => {
  const fee = 200n
  const next = requestedAt + 100n
  const exactly = { ...stake, active: 2n * fee }
  expect(turn({ stake: exactly, next })).toBe('answer')
  expect(turn({ stake: { ...exactly, reserved: 1n }, next })).toBe('wait')
  expect(turn({ stake: { ...exactly, active: 2n * fee - 1n }, next })).toBe('wait')
})

test('behavior: is over at the deadline, and with any end', () => {
  expect(turn({ next: 1_499n })).toBe('answer')
  expect(turn({ next: 1_500n })).toBe('over')
  expect(turn({ record: { ...record, end: 'expired' } })).toBe('over')
})

test('parameters: mode', () => {
  expect(turn({ mode: 'commit' })).toBe('commit')
  expect(turn({ mode: 'commit', mayCommit: false })).toBe('answer')
  expect(turn({ mode: 'auto' })).toBe('answer')
  const never = { operator: rival, stake: { ...stake, active: 0n } } as const
  expect(turn({ mode: 'auto', rivals: [never] })).toBe('answer')
  const rivalOpensAt = slotOf({ seed, operator: rival, ...weights })
  const rivals = [{ operator: rival, stake }] as const
  const both = rivalOpensAt > opensAt ? rivalOpensAt : opensAt
  expect(turn({ mode: 'auto', rivals, next: both })).toBe('commit')
  // The mempool shows an answer to whoever's slot opens before the next block.
  expect(turn({ mode: 'auto', rivals, next: opensAt, interval: both - opensAt })).toBe('commit')
})

test('behavior: reveals from its own seat, and only what it committed to', () => {
  const own = seatOf(operator)
  expect(turn({ ...own, commitment: seed })).toBe('reveal')
  expect(turn({ ...own, commitment: keccak256('0x08') })).toBe('wait')
  expect(turn({ ...own, commitment: seed, next: opensAt + 5n })).toBe('wait')
})

test("behavior: respects another's seat until that is lost", () => {
  const taken = seatOf(rival)
  expect(turn(taken)).toBe('wait')
  expect(turn({ ...taken, next: opensAt + 4n })).toBe('wait')
  expect(turn({ ...taken, next: opensAt + 5n })).toBe('forfeit')
  expect(turn({ ...taken, next: 1_500n })).toBe('over')
})
