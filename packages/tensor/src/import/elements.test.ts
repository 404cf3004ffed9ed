import { expect, test } from 'vitest'

import { bytesPerElement, decodeElements, encodeElements } from './elements.ts'
import { ElementError, ElementsLengthError } from './errors.ts'

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

const unscaled = { type: 'FLOAT32', scale: 1, zeroPoint: 0 } as const

test('behavior: floats between two bytes go to the even one where the model says so', () => {
  const reals = floats(0.5, 1.5, -0.5, -1.5)
  expect([...encodeElements({ ...unscaled, ties: 'even' }, reals)]).toEqual([128, 130, 128, 126])
  expect([...encodeElements(unscaled, reals)]).toEqual([129, 130, 127, 126])
})

test('behavior: features become the number of thresholds below them', () => {
  const thresholds = [[-1, 0, 2.5], [], [7]]
  const code = { ...unscaled, ranks: { bytes: 1, thresholds } } as const
  expect([...encodeElements(code, floats(0, 9, 7))]).toEqual([1, 0, 0])
  expect([...encodeElements(code, floats(3, -9, 7.5))]).toEqual([3, 0, 1])
  const wide = { ...unscaled, ranks: { bytes: 2, thresholds } } as const
  expect([...encodeElements(wide, floats(3, -9, 7.5))]).toEqual([0, 3, 0, 0, 0, 1])
})

test('error: features of another number, or that are no numbers', () => {
  const code = { ...unscaled, ranks: { bytes: 1, thresholds: [[0], [0]] } } as const
  expect(() => encodeElements(code, floats(1))).toThrow(ElementsLengthError)
  expect(() => encodeElements(code, floats(1, Number.NaN))).toThrow(ElementError)
})

test.each([
  ['NONE', [0.5, -0.25]],
  ['LOGISTIC', [1 / (1 + Math.exp(-0.5)), 1 / (1 + Math.exp(0.25))]],
  ['SOFTMAX', [1 / (1 + Math.exp(-0.75)), 1 / (1 + Math.exp(0.75))]],
] as const)('behavior: sums become scores by %s', (transform, scores) => {
  const code = { ...unscaled, scale: 0.25, sums: { transform } }
  const decoded = decodeElements(code, Uint8Array.of(0, 0, 0, 2, 255, 255, 255, 255))
  expect([...new Float32Array(decoded.buffer)]).toEqual(scores.map(Math.fround))
})

test('behavior: int32 turn around between a program and a machine', () => {
  const code = { ...unscaled, type: 'INT32' } as const
  const bytes = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8)
  expect([...decodeElements(code, bytes)]).toEqual([4, 3, 2, 1, 8, 7, 6, 5])
  expect(encodeElements(code, decodeElements(code, bytes))).toEqual(bytes)
})

test('behavior: bytes of an element', () => {
  const thresholds = [[0]]
  expect(bytesPerElement({ type: 'INT8' })).toBe(1)
  expect(bytesPerElement({ type: 'INT32' })).toBe(4)
  expect(bytesPerElement({ type: 'FLOAT32', ranks: { bytes: 2, thresholds } })).toBe(2)
  expect(bytesPerElement({ type: 'FLOAT32', sums: { transform: 'NONE' } })).toBe(4)
})
