import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { zeroAddress } from 'viem'
import { expect, test } from 'vitest'

import { systemClock } from '../support/clock.ts'
import {
  IntentStateError,
  JournalLockedError,
  JournalMismatchError,
  JournalTooNewError,
  SubjectTakenError,
} from './errors.ts'
import type { IntentPlan } from './intent.ts'
import { openJournal } from './openJournal.ts'

const owner = { chainId: 31337, market: zeroAddress, account: zeroAddress } as const
const plan: IntentPlan = {
  key: 'job:answer',
  kind: 'answer',
  to: zeroAddress,
  data: '0x1234',
  gas: 2n ** 70n,
  subjects: ['job'],
}

function newPath() {
  return join(mkdtempSync(join(tmpdir(), 'journal-')), 'journal.sqlite')
}

function open(path = ':memory:') {
  return openJournal({ path, clock: systemClock, owner })
}

function signedAs(intentId: number, nonce: number, hash: `0x${string}` = '0xaa') {
  const fees = { maxFeePerGas: 2n, maxPriorityFeePerGas: 1n }
  return { hash, intentId, nonce, raw: '0x02', isCancellation: false, ...fees } as const
}

test('default: an intent survives a restart in the state that it had', () => {
  const path = newPath()
  const first = open(path)
  const { id } = first.intents.plan(plan)
  first.intents.sign(signedAs(id, 3))
  first.intents.sent(id, '0xaa')
  first.close()

  const second = open(path)
  expect(second.intents.find('job:answer')).toMatchObject({
    state: 'sent',
    nonce: 3,
    gas: 2n ** 70n,
    data: '0x1234',
  })
  expect(second.intents.transactionsOf({ id, nonce: 3 })).toMatchObject([{ hash: '0xaa' }])
})

test('behavior: the same key is planned once', () => {
  const { intents } = open()
  const first = intents.plan(plan)
  expect(intents.plan({ ...plan, data: '0x99' })).toEqual(first)
  expect(intents.planned()).toHaveLength(1)
})

test('behavior: an abandoned key is planned again only on demand', () => {
  const { intents } = open()
  const { id } = intents.plan(plan)
  intents.abandon(id, 'answered by another')
  expect(intents.plan(plan).state).toBe('abandoned')
  const revived = intents.plan({ ...plan, data: '0x99' }, { revive: true })
  expect(revived).toMatchObject({ id, state: 'planned', data: '0x99', attempts: 2 })
})

test('behavior: a subject has one intent of a kind until that is given up', () => {
  const { intents } = open()
  const batch = { ...plan, kind: 'claim', key: 'claim:1', subjects: ['a', 'b'] } as const
  const { id } = intents.plan(batch)
  const overlapping = { ...batch, key: 'claim:2', subjects: ['b', 'c'] }
  expect(() => intents.plan(overlapping)).toThrow(SubjectTakenError)
  expect(intents.find('claim:2')).toBeUndefined()
  intents.abandon(id, 'nothing was final')
  expect(intents.plan(overlapping).state).toBe('planned')
  expect(intents.isTaken('claim', 'a')).toBe(false)
  expect(intents.about('claim', 'c')?.key).toBe('claim:2')
})

test('behavior: no two intents hold a nonce', () => {
  const { intents } = open()
  const first = intents.plan(plan)
  const second = intents.plan({ ...plan, key: 'job2:answer', subjects: ['job2'] })
  intents.sign(signedAs(first.id, 0))
  expect(() => intents.sign(signedAs(second.id, 0, '0xbb'))).toThrow(/UNIQUE/)
  expect(intents.get(second.id).state).toBe('planned')
  expect(intents.transactionsFrom(0)).toHaveLength(1)
})

test('error: an intent moves only along its states', () => {
  const { intents } = open()
  const { id } = intents.plan(plan)
  expect(() => intents.finalise(id)).toThrow(IntentStateError)
  expect(() => intents.sent(id, '0xaa')).toThrow(IntentStateError)
})

test('behavior: what fails within a transaction leaves no trace', () => {
  const journal = open()
  const work = () =>
    journal.atomically(() => {
      journal.notes.put('topic', 'subject', 'value')
      journal.intents.finalise(99)
    })
  expect(work).toThrow(IntentStateError)
  expect(journal.notes.get('topic', 'subject')).toBeUndefined()
})

test('behavior: the chain log rewinds to a block and keeps the newest headers', () => {
  const { chain } = open()
  for (let number = 1n; number <= 5n; number++) {
    const entry = { blockNumber: number, blockTimestamp: number, logIndex: 0, data: '0x' } as const
    const topics: [`0x${string}`] = ['0x01']
    const header = { number, hash: `0x${number}`, timestamp: number } as const
    chain.append(header, [{ ...entry, address: zeroAddress, topics }], 3)
  }
  expect(chain.headers().map(({ number }) => number)).toEqual([5n, 4n, 3n])
  chain.rewind(3n)
  expect(chain.cursor()?.number).toBe(3n)
  expect(chain.entries().map(({ blockNumber }) => blockNumber)).toEqual([1n, 2n, 3n])
})

test('error: one process at a time', () => {
  const path = newPath()
  const first = open(path)
  expect(() => open(path)).toThrow(JournalLockedError)
  first.close()
  open(path).close()
})

test('error: a journal serves one chain, market and account', () => {
  const path = newPath()
  open(path).close()
  const other = { ...owner, chainId: 1 }
  const reopen = () => openJournal({ path, clock: systemClock, owner: other })
  expect(reopen).toThrow(JournalMismatchError)
  open(path).close()
})

test('error: a journal of a newer version is left alone', () => {
  const path = newPath()
  open(path).close()
  const sql = new DatabaseSync(path)
  sql.exec('PRAGMA user_version = 99')
  sql.close()
  expect(() => open(path)).toThrow(JournalTooNewError)
})
