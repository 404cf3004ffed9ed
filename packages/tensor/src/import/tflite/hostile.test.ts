import { expect, test } from 'vitest'

import { createRandom } from '../../examples/createRandom.ts'
import { ImportError, ModelFileError } from '../errors.ts'
import { importTflite } from './importTflite.ts'
import { buildModel } from './testing/buildModel.ts'
import * as specs from './testing/specs.ts'

const { codes } = specs
const q = { scale: 0.5, zeroPoint: 0 }

/** A small model with every part that a file has. */
const model = buildModel({
  tensors: [
    { shape: [1, 6, 6, 2], ...q },
    {
      shape: [3, 3, 3, 2],
      data: Array.from({ length: 54 }, (_, i) => i - 20),
      scale: [0.1, 0.2, 0.3],
    },
    { shape: [3], type: 'INT32', data: [5, -5, 500] },
    { shape: [1, 4, 4, 3], ...q },
    { shape: [2], type: 'INT32', data: [1, 2] },
    { shape: [1, 3], ...q },
    { shape: [1, 3], scale: 1 / 256, zeroPoint: -128 },
  ],
  operators: [
    { code: codes.CONV_2D, inputs: [0, 1, 2], outputs: [3], options: specs.convOptions() },
    { code: codes.MEAN, inputs: [3, 4], outputs: [5] },
    { code: codes.SOFTMAX, inputs: [5], outputs: [6], options: specs.softmaxOptions() },
  ],
})

/** What an import may end in: a model, or an error that says what is wrong. */
function outcomeOf(bytes: Uint8Array): 'imported' | 'refused' {
  try {
    importTflite(bytes)
    return 'imported'
  } catch (error) {
    if (error instanceof ImportError) return 'refused'
    throw error
  }
}

test('behavior: the whole file is a model', () => {
  expect(outcomeOf(model)).toBe('imported')
})

test('behavior: a file cut anywhere is refused', () => {
  // The root is behind the data that it leads to, or before it: either way something is missing.
  const kept = Array.from({ length: model.length }, (_, length) =>
    outcomeOf(model.slice(0, length)),
  )
  expect(kept.filter((outcome) => outcome === 'imported').length).toBeLessThan(8)
  expect(kept.slice(0, model.length - 8)).not.toContain('imported')
})

test('behavior: a file with any bytes changed is a model or is refused, soon', () => {
  const random = createRandom(11)
  const outcomes = { imported: 0, refused: 0 }
  const start = performance.now()
  for (let run = 0; run < 5_000; run++) {
    const bytes = model.slice()
    for (let change = random.integer(1, 4); change > 0; change--) {
      const at = random.integer(0, bytes.length - 1)
      bytes[at] = random.pick([0, 1, 0x7f, 0x80, 0xff, random.integer(0, 255)])
    }
    outcomes[outcomeOf(bytes)]++
  }
  expect(outcomes.imported).toBeGreaterThan(100)
  expect(outcomes.refused).toBeGreaterThan(100)
  expect(performance.now() - start).toBeLessThan(30_000)
})

test('behavior: an offset with any of its bits turned on is a model or is refused', () => {
  for (let at = 0; at + 4 <= model.length; at += 4) {
    for (const word of [0xffffffff, 0x7fffffff, 0x80000000, model.length, model.length - 4]) {
      const bytes = model.slice()
      new DataView(bytes.buffer).setUint32(at, word, true)
      expect(['imported', 'refused']).toContain(outcomeOf(bytes))
    }
  }
})

test('error: random bytes behind the identifier', () => {
  const random = createRandom(12)
  for (let run = 0; run < 500; run++) {
    const bytes = random.bytes(random.integer(8, 400))
    bytes.set([0x54, 0x46, 0x4c, 0x33], 4)
    expect(() => importTflite(bytes)).toThrow(ImportError)
  }
})

test('error: what is no model at all', () => {
  for (const bytes of [new Uint8Array(0), new Uint8Array(7), new Uint8Array(4_096)]) {
    expect(() => importTflite(bytes)).toThrow(ModelFileError)
  }
})

test('error: a file larger than any that is read', () => {
  expect(() => importTflite(new Uint8Array(2 ** 26 + 1))).toThrow(ImportError)
})

test('behavior: a view into a larger buffer is read within its own bounds', () => {
  const padded = new Uint8Array(model.length + 64).fill(0x5a)
  padded.set(model, 32)
  expect(outcomeOf(padded.subarray(32, 32 + model.length))).toBe('imported')
  expect(outcomeOf(padded.subarray(32, 32 + model.length - 16))).toBe('refused')
})

test('behavior: a Buffer is read like any bytes', () => {
  expect(importTflite(Buffer.from(model))).toEqual(importTflite(model))
})
