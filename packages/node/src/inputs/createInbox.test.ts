import { hashInput } from '@assay/tensor'
import { randomRun } from '@assay/tensor/examples'
import { type Hash, keccak256, zeroAddress, zeroHash } from 'viem'
import { expect, test } from 'vitest'

import { createExactBackend } from '../backend/createExactBackend.ts'
import type { JobRecord } from '../book/records.ts'
import { openJournal } from '../journal/openJournal.ts'
import { systemClock } from '../support/clock.ts'
import { createInbox } from './createInbox.ts'

const { program, random } = randomRun(3)
const { rows, rowBytes } = program.operators[0]!
const input = random.bytes(rows * rowBytes)
const inputHash = hashInput(program, input)
const modelVersion = keccak256('0x01')

function setUp(changes: { model?: Hash; end?: JobRecord['end']; answer?: object } = {}) {
  const owner = { chainId: 1, market: zeroAddress, account: zeroAddress }
  const journal = openJournal({ path: ':memory:', clock: systemClock, owner })
  const { model = modelVersion, ...rest } = changes
  const record = { job: { inputHash, model }, answer: undefined, end: undefined, ...rest }
  const inbox = createInbox({
    backends: [createExactBackend({ modelVersion, program })],
    book: { jobs: new Map([[zeroHash, record as unknown as JobRecord]]) },
    journal,
  })
  return { inbox, journal }
}

test('default: keeps what an open job waits for', () => {
  const { inbox, journal } = setUp()
  expect(inbox.maxBytes).toBe(input.length)
  expect(inbox.put(inputHash, input)).toBe('kept')
  expect(journal.inputs.get(inputHash)).toEqual({ bytes: input, readers: undefined })
})

test('behavior: keeps nothing else', () => {
  const cases = [
    { changes: {}, hash: keccak256('0x02'), bytes: input, receipt: 'unasked' },
    { changes: { end: 'expired' as const }, hash: inputHash, bytes: input, receipt: 'unasked' },
    { changes: { answer: {} }, hash: inputHash, bytes: input, receipt: 'unasked' },
    { changes: { model: zeroHash }, hash: inputHash, bytes: input, receipt: 'unasked' },
    { changes: {}, hash: inputHash, bytes: input.subarray(1), receipt: 'wrong' },
    { changes: {}, hash: inputHash, bytes: input.with(0, input[0]! ^ 1), receipt: 'wrong' },
  ]
  for (const { changes, hash, bytes, receipt } of cases) {
    const { inbox, journal } = setUp(changes)
    expect(inbox.put(hash, bytes)).toBe(receipt)
    expect(journal.inputs.get(hash)).toBeUndefined()
  }
})

test('behavior: what everybody may have stays so, what is sealed can become so', () => {
  const { journal } = setUp()
  journal.inputs.put(inputHash, { bytes: input, readers: [zeroAddress] })
  expect(journal.inputs.get(inputHash)?.readers).toEqual([zeroAddress])
  journal.inputs.put(inputHash, { bytes: input })
  journal.inputs.put(inputHash, { bytes: input, readers: [zeroAddress] })
  expect(journal.inputs.get(inputHash)?.readers).toBeUndefined()
})
