import { expect, test } from 'vitest'

import { type Moment, quantile, timelineOf } from './timeline.ts'

const [id, other] = ['0x01', '0x02'] as const

const moments: Moment[] = [
  { type: 'head', number: 1, at: 1_000 },
  { type: 'seen', id, at: 1_010 },
  { type: 'seen', id: other, at: 1_011 },
  { type: 'computed', id, engineMs: 5, at: 1_025 },
  { type: 'head', number: 2, at: 2_000 },
  { type: 'signed', id, at: 2_030 },
  { type: 'broadcast', id, at: 2_040 },
]

test('default: waiting for the slot and the engine is not own time', () => {
  expect(timelineOf(moments, id)).toEqual({
    id,
    own: 60,
    before: 20,
    after: 40,
    engine: 5,
    total: 1_040,
  })
})

test('behavior: a result that comes after the slot opened counts from the result', () => {
  const late: Moment[] = [
    ...moments.slice(0, 2),
    { type: 'head', number: 2, at: 2_000 },
    { type: 'computed', id, engineMs: 900, at: 2_100 },
    { type: 'broadcast', id, at: 2_107 },
  ]
  expect(timelineOf(late, id)).toMatchObject({ before: 200, after: 7, own: 207 })
})

test('behavior: a job without an answer has no timeline', () => {
  expect(timelineOf(moments, other)).toBeUndefined()
})

test('behavior: quantiles are values that occurred', () => {
  expect(quantile([4, 1, 3, 2, 5], 0.5)).toBe(3)
  expect(quantile([4, 1, 3, 2, 5], 0.9)).toBe(5)
})
