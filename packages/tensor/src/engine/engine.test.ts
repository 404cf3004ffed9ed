import fc from 'fast-check'
import { expect, test } from 'vitest'

import { createRandom } from '../examples/createRandom.ts'
import { everyKind, randomProgram } from '../examples/randomProgram.ts'
import { composeProgram } from '../program/composeProgram.ts'
import { computeElement } from './computeElement.ts'
import { InputLengthError } from './errors.ts'
import { execute } from './execute.ts'

/** A dense operator of one row over `weights.length` inputs. */
function neuron(weights: readonly number[], bias: number, multiplier = 2 ** 30, shift = 1) {
  return composeProgram({
    input: { rows: 1, rowBytes: weights.length },
    layers: [
      {
        kind: 'dense',
        source: 0,
        rows: [{ bias, multiplier, shift, weights: Int8Array.from(weights) }],
        outputZero: 100,
        clampMin: 10,
        clampMax: 200,
      },
    ],
  })
}

test('default', () => {
  const program = neuron([1, -2, 3], 5)
  // 5 + 1 · 10 − 2 · 20 + 3 · 30 = 65, a factor of 1, a zero of 100.
  expect(execute(program, Uint8Array.of(10, 20, 30))).toEqual([
    Uint8Array.of(10, 20, 30),
    Uint8Array.of(165),
  ])
})

test('behavior: bytes count from 0 to 255 and weights from −128 to 127', () => {
  const sum = -128 * 255 + 127 * 255
  expect(execute(neuron([-128, 127], -sum + 3), Uint8Array.of(255, 255)).at(-1)).toEqual(
    Uint8Array.of(103),
  )
})

test('behavior: clamps', () => {
  expect(execute(neuron([1], 1000), Uint8Array.of(0)).at(-1)).toEqual(Uint8Array.of(200))
  expect(execute(neuron([1], -1000), Uint8Array.of(0)).at(-1)).toEqual(Uint8Array.of(10))
})

test('behavior: accumulators wrap', () => {
  const wrapped = neuron([1], 2 ** 31 - 1, 2 ** 30, -30)
  // 2^31 − 1 + 1 wraps to −2^31, which halves and shifts to −1.
  expect(execute(wrapped, Uint8Array.of(0)).at(-1)).toEqual(Uint8Array.of(101))
  expect(execute(wrapped, Uint8Array.of(1)).at(-1)).toEqual(Uint8Array.of(99))
})

test('behavior: looks bytes up, and reads any earlier tensor', () => {
  const inverse = Uint8Array.from({ length: 256 }, (_, i) => 255 - i)
  const identity = Uint8Array.from({ length: 256 }, (_, i) => i)
  const program = composeProgram({
    input: { rows: 2, rowBytes: 2 },
    layers: [
      { kind: 'lookup', source: 0, table: inverse },
      { kind: 'lookup', source: 1, table: inverse },
      { kind: 'lookup', source: 1, table: identity },
    ],
  })
  const [, first, second, third] = execute(program, Uint8Array.of(0, 1, 2, 255))
  expect(first).toEqual(Uint8Array.of(255, 254, 253, 0))
  expect(second).toEqual(Uint8Array.of(0, 1, 2, 255))
  expect(third).toEqual(first)
})

test('behavior: element by element is the same as tensor by tensor', () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const random = createRandom(seed)
      const program = randomProgram(random, everyKind)
      const { rows, rowBytes } = program.operators[0]!
      const tensors = execute(program, random.bytes(rows * rowBytes))
      for (const tensor of program.operators.keys()) {
        const bytes = tensors[tensor]!.map((_, position) =>
          computeElement({ program, tensor, position, tensors }),
        )
        expect(bytes).toEqual(tensors[tensor])
      }
    }),
  )
})

test('behavior: random programs use the whole range of bytes', () => {
  const random = createRandom(7)
  const seen = new Set<number>()
  for (let i = 0; i < 200; i += 1) {
    const program = randomProgram(random)
    const { rows, rowBytes } = program.operators[0]!
    for (const byte of execute(program, random.bytes(rows * rowBytes)).at(-1)!) seen.add(byte)
  }
  expect(seen.size).toBe(256)
})

test('error: an input of another length', () => {
  expect(() => execute(neuron([1], 0), new Uint8Array(2))).toThrow(InputLengthError)
})
