import { expect, test } from 'vitest'

import { toJson } from './json.ts'

test('default', () => {
  const args = { id: '0xAB', amount: 2n ** 200n, node: { leaf: 7 }, path: ['0xCD'], success: true }
  expect(toJson(args)).toEqual({
    id: '0xab',
    amount: (2n ** 200n).toString(),
    node: { leaf: 7 },
    path: ['0xcd'],
    success: true,
  })
})

test('behavior: text keeps its case and loses what a database cannot store', () => {
  expect(toJson('Mo\0del A')).toBe('Model A')
})

test('behavior: what is missing is null', () => {
  expect(toJson(undefined)).toBe(null)
})
