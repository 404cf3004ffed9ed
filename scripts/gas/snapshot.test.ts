import { expect, test } from 'vitest'

import { compareSnapshots, functionsWithout } from './snapshot.ts'

const committed = { 'Market.answer': 1_000, 'Market.claim': 500 }

test('default: the same figures have nothing to report', () => {
  expect(compareSnapshots(committed, { ...committed })).toEqual({
    grown: [],
    shrunk: [],
    vanished: [],
    added: [],
  })
})

test('behavior: growth passes up to two percent', () => {
  const { grown } = compareSnapshots(committed, { 'Market.answer': 1_020, 'Market.claim': 511 })
  expect(grown).toEqual([
    { operation: 'Market.claim', before: 500, after: 511, percent: expect.closeTo(2.2) },
  ])
})

test('behavior: any shrinkage is reported', () => {
  const { grown, shrunk } = compareSnapshots(committed, { ...committed, 'Market.claim': 499 })
  expect(grown).toEqual([])
  expect(shrunk).toEqual([
    { operation: 'Market.claim', before: 500, after: 499, percent: expect.closeTo(-0.2) },
  ])
})

test('behavior: what vanished or is new is named', () => {
  const { added, vanished } = compareSnapshots(committed, {
    'Market.answer': 1_000,
    'Market.expire': 1,
  })
  expect(vanished).toEqual(['Market.claim'])
  expect(added).toEqual(['Market.expire'])
})

test('behavior: every external function needs a key, by its own name or the one it is measured under', () => {
  const functions = ['Market.claim', 'Market.expire', 'TensorVerifier.prove']
  expect(functionsWithout(functions, { ...committed, 'TensorVerifier.prove784': 1 })).toEqual([
    'Market.expire',
  ])
})
