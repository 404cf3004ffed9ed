import { InvalidArgumentError } from 'commander'
import { expect, test } from 'vitest'

import { formatRate, parseRate } from './rate.ts'

test.each([
  ['25%', 250_000],
  ['100%', 1_000_000],
  ['0.05%', 500],
  ['0.0001%', 1],
  ['33.3333%', 333_333],
  ['12.5%', 125_000],
  ['500ppm', 500],
  ['1000000 ppm', 1_000_000],
])('behavior: %s is read exactly', (text, ppm) => {
  expect(parseRate(text)).toBe(ppm)
})

test.each(['', '25', '0.25', '%', '.5%', '5.%', '-5%', '1e2%', '0.00001%', '1.5ppm', '5 %'])(
  'error: %o is no rate',
  (text) => {
    expect(() => parseRate(text)).toThrow(InvalidArgumentError)
  },
)

test.each(['0%', '0ppm', '100.0001%', '1000001ppm', '99999999999999999999%'])(
  'error: %s is no probability of an audit',
  (text) => {
    expect(() => parseRate(text)).toThrow(InvalidArgumentError)
  },
)

test.each(['25%', '100%', '0.05%', '0.0001%', '33.3333%', '0.0003%'])(
  'behavior: %s is written as it is read',
  (text) => {
    expect(formatRate(parseRate(text))).toBe(text)
  },
)
