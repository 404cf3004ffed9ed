import { expect, test } from 'vitest'

import { decodeElements, encodeElements } from './elements.ts'
import { ElementsLengthError } from './errors.ts'

function floats(...values: number[]) {
  return new Uint8Array(Float32Array.from(values).buffer)
}

test('behavior: int8 is offset binary in a program', () => {
  const code = { type: 'INT8', scale: 1, zeroPoint: 0 } as const
  const elements = new Uint8Array(Int8Array.of(-128, -1, 0, 127).buffer)
  expect(encodeElements(code, elements)).toEqual(Uint8Array.of(0, 127, 128, 255))
  expect(decodeElements(code, encodeElements(code, elements))).toEqual(elements)
})

test('behavior: uint8 is as it is', () => {
  const code = { type: 'UINT8', scale: 1, zeroPoint: 0 } as const
  const elements = Uint8Array.of(0, 1, 255)
  expect(encodeElements(code, elements)).toEqual(elements)
  expect(decodeElements(code, elements)).toEqual(elements)
})

test('behavior: floats are rounded half away from zero, and saturate', () => {
  const code = { type: 'FLOAT32', scale: 0.5, zeroPoint: -10 } as const
  const bytes = encodeElements(code, floats(0, 0.25, -0.25, 0.24, 1e9, -1e9, Number.NaN))
  expect([...bytes].map((byte) => byte - 128)).toEqual([-10, -9, -11, -10, 127, -128, -10])
  expect(decodeElements(code, Uint8Array.of(118, 119, 0))).toEqual(floats(0, 0.5, -59))
})

test('error: part of a float', () => {
  const code = { type: 'FLOAT32', scale: 0.5, zeroPoint: 0 } as const
  expect(() => encodeElements(code, new Uint8Array(6))).toThrow(ElementsLengthError)
})
