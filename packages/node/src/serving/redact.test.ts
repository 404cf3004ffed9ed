import { expect, test } from 'vitest'

import { redact } from './redact.ts'

const secret = 'sk-proj-a+b/c=0123456789'

test.each([
  [`Incorrect key ${secret}.`, 'Incorrect key [redacted].'],
  [`https://x/?key=${encodeURIComponent(secret)}&a=1`, 'https://x/?key=[redacted]&a=1'],
  ['key: sk-proj-****6789 is wrong', 'key: [redacted] is wrong'],
  ['nothing to see', 'nothing to see'],
])('default: %s', (text, expected) => {
  expect(redact(text, secret)).toBe(expected)
})

test('behavior: short secrets are only found whole', () => {
  expect(redact('ollama is ollamas', 'ollama')).toBe('[redacted] is [redacted]s')
  expect(redact('text', undefined)).toBe('text')
  expect(redact('text', '')).toBe('text')
})
