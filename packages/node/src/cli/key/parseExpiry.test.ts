import { expect, test } from 'vitest'

import { ConfigError } from '../errors.ts'
import { parseExpiry } from './parseExpiry.ts'

const at = 1_800_000_000n

test('default: a date, a time, or so long from now on', () => {
  expect(parseExpiry('2027-01-31', at)).toBe(1_801_353_600n)
  expect(parseExpiry('2027-01-31T12:00:00Z', at)).toBe(1_801_396_800n)
  expect(parseExpiry('2027-01-31T12:00+01:00', at)).toBe(1_801_393_200n)
  const spans = ['90s', '5m', '12h', '30d', '2w'].map((text) => parseExpiry(text, at) - at)
  expect(spans).toEqual([90n, 300n, 43_200n, 2_592_000n, 1_209_600n])
})

test('error: what is no time, has no zone, or is over', () => {
  const texts = ['soon', '30', '3y', '2027-13-01', '2027-01-31T12:00', '2020-01-01', '0s', '']
  for (const text of texts) expect(() => parseExpiry(text, at)).toThrow(ConfigError)
})
