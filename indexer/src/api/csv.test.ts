import { expect, test } from 'vitest'

import { csvLine } from './csv.ts'

test('default', () => {
  expect(csvLine(['0xab', 12n, true])).toBe('0xab,12,true\r\n')
})

test('behavior: what is missing is empty', () => {
  expect(csvLine([null, undefined, ''])).toBe(',,\r\n')
})

test('behavior: quotes what would break a line', () => {
  expect(csvLine(['a,b', 'say "hi"', 'two\nlines'])).toBe('"a,b","say ""hi""","two\nlines"\r\n')
})
