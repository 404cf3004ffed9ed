import { expect, test } from 'vitest'

import { type CountUsageParameters, countUsage } from './countUsage.ts'

const price = { perRequest: 5n, perMillionIn: 1_000_000n, perMillionOut: 2_000_000n }
const counted = { unitsIn: 10n, unitsOut: 20n, textBytes: 40, servedModel: 'echo' }

function count(changes: Partial<CountUsageParameters> = {}) {
  return countUsage({
    ...{ counted, task: 'chat', price, requestBytes: 100, choices: 1, maxUnitsOut: 50 },
    ...{ countsHidden: false, ...changes },
  })
}

test('default: takes the upstream at its word', () => {
  expect(count()).toEqual({ unitsIn: 10n, unitsOut: 20n, usage: 'upstream', fee: 55n })
})

test('behavior: more than the bytes allow is cut to what they allow', () => {
  const lie = { ...counted, unitsIn: 9_999n, unitsOut: 9_999n, textBytes: 3 }
  expect(count({ counted: lie })).toEqual({
    ...{ unitsIn: 356n, unitsOut: 19n, usage: 'estimated', fee: 399n },
  })
  expect(count({ counted: lie, choices: 2 }).unitsOut).toBe(35n)
})

test('behavior: what is thought in secret counts, up to the quote', () => {
  const thought = { ...counted, unitsOut: 45n, textBytes: 3 }
  expect(count({ counted: thought, countsHidden: true })).toMatchObject({
    ...{ unitsOut: 45n, usage: 'upstream' },
  })
  const more = { ...thought, unitsOut: 51n }
  expect(count({ counted: more, countsHidden: true }).unitsOut).toBe(50n)
})

test('behavior: what is not counted is estimated from the bytes', () => {
  const silent = { ...counted, unitsIn: undefined, unitsOut: undefined }
  expect(count({ counted: silent })).toMatchObject({
    ...{ unitsIn: 25n, unitsOut: 10n, usage: 'estimated' },
  })
  const images = { ...counted, unitsIn: undefined, unitsOut: 2n, textBytes: 0 }
  expect(count({ counted: images, task: 'images', maxUnitsOut: 2 })).toMatchObject({
    ...{ unitsIn: 25n, unitsOut: 2n },
  })
  expect(
    count({ counted: { ...images, unitsOut: 3n }, task: 'images', maxUnitsOut: 2 }),
  ).toMatchObject({
    unitsOut: 2n,
  })
})
