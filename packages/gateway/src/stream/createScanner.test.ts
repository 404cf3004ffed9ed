import fc from 'fast-check'
import { expect, test } from 'vitest'

import { createScanner } from './createScanner.ts'

const text = (bytes: Uint8Array | undefined) => bytes && new TextDecoder().decode(bytes)

function scan(source: string, cuts: readonly number[] = []) {
  const bytes = Buffer.from(source)
  const scanner = createScanner()
  const bounds = [
    0,
    ...cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b),
    bytes.length,
  ]
  const events = bounds
    .slice(1)
    .flatMap((end, index) => scanner.push(bytes.subarray(bounds[index], end)))
  return { events, hasRest: scanner.hasRest() }
}

test('default: events, comments, and what they are made of', () => {
  const { events, hasRest } = scan(
    ': hi\n\ndata: {"a":1}\n\nevent: x\r\ndata:b\r\ndata: c\r\n\r\ndata: [DONE]\n\n',
  )
  expect(events.map(({ data }) => text(data))).toEqual([undefined, '{"a":1}', 'b\nc', '[DONE]'])
  expect(hasRest).toBe(false)
  expect(scan('data: {"a"').hasRest).toBe(true)
})

test('behavior: where the bytes are cut makes no difference, and none is lost', () => {
  const line = fc.stringMatching(/^[^\r\n]*$/)
  const event = fc.array(
    line.map((value) => `data: ${value}`),
    { minLength: 1, maxLength: 3 },
  )
  const streams = fc.array(event, { maxLength: 8 })
  fc.assert(
    fc.property(
      streams,
      fc.array(fc.nat(), { maxLength: 12 }),
      fc.boolean(),
      (given, cuts, isCrLf) => {
        const end = isCrLf ? '\r\n' : '\n'
        const source = given.map((lines) => lines.join(end) + end + end).join('')
        const { events } = scan(source, cuts)
        const expected = given.map((lines) => lines.map((each) => each.slice(6)).join('\n'))
        expect(events.map(({ data }) => text(data))).toEqual(expected)
        expect(events.map(({ raw }) => text(raw)).join('')).toBe(Buffer.from(source).toString())
      },
    ),
    { numRuns: 300 },
  )
})
