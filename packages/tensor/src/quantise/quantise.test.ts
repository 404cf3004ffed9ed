import fc from 'fast-check'
import { expect, test } from 'vitest'

import { execute } from '../engine/execute.ts'
import { createRandom } from '../examples/createRandom.ts'
import { CalibrationEmptyError, LayerShapeError } from './errors.ts'
import { type FloatLayer, runLayer } from './FloatLayer.ts'
import { dequantise, quantisationOf, quantise } from './Quantisation.ts'
import { quantiseMlp } from './quantiseMlp.ts'

const unit = { scale: Math.fround(1 / 255), zero: 0 }

function randomLayers(seed: number, widths: readonly number[]) {
  const random = createRandom(seed)
  const real = (spread: number) => (random.uniform() - 0.5) * 2 * spread
  return widths.slice(1).map((outputs, i): FloatLayer => {
    const inputs = widths[i]!
    return {
      weights: Float32Array.from({ length: inputs * outputs }, () => real(2 / Math.sqrt(inputs))),
      biases: Float32Array.from({ length: outputs }, () => real(0.5)),
      ...(i === widths.length - 2 ? {} : { activation: Math.tanh }),
    }
  })
}

function randomInputs(seed: number, count: number, length: number) {
  const random = createRandom(seed)
  return Array.from({ length: count }, () => random.bytes(length))
}

function runFloat(layers: readonly FloatLayer[], input: Uint8Array, quantisation = unit) {
  return layers.reduce<Float64Array>(
    (values, layer) => runLayer(layer, values).outputs,
    Float64Array.from(input, (byte) => dequantise(quantisation, byte)),
  )
}

test('default', () => {
  const layers = randomLayers(1, [30, 12, 5])
  const calibration = randomInputs(2, 300, 30)
  const input = { rows: 1, rowBytes: 30, quantisation: unit }
  const { program, output } = quantiseMlp({ input, layers, calibration })
  expect(program.operators.map(({ kind }) => kind)).toEqual(['input', 'dense', 'lookup', 'dense'])

  for (const sample of calibration) {
    const real = runFloat(layers, sample)
    const scores = execute(program, sample).at(-1)!
    for (const [i, byte] of scores.entries()) {
      expect(Math.abs(dequantise(output, byte) - real[i]!)).toBeLessThan(4 * output.scale)
    }
  }
})

test('behavior: an input whose zero is not byte 0 is folded into the biases', () => {
  const quantisation = { scale: Math.fround(0.01), zero: 131 }
  const layers = randomLayers(3, [20, 6])
  const calibration = randomInputs(4, 200, 20)
  const input = { rows: 2, rowBytes: 10, quantisation }
  const { program, output } = quantiseMlp({ input, layers, calibration })
  for (const sample of calibration) {
    const real = runFloat(layers, sample, quantisation)
    const scores = execute(program, sample).at(-1)!
    for (const [i, byte] of scores.entries()) {
      expect(Math.abs(dequantise(output, byte) - real[i]!)).toBeLessThan(2 * output.scale)
    }
  }
})

test('behavior: outputs without weights keep their bias', () => {
  const layers = [
    { weights: new Float32Array(6), biases: Float32Array.of(1000, -1000, 0) },
  ] satisfies FloatLayer[]
  const input = { rows: 1, rowBytes: 2, quantisation: unit }
  const { program, output } = quantiseMlp({ input, layers, calibration: [Uint8Array.of(1, 2)] })
  const scores = execute(program, Uint8Array.of(200, 3)).at(-1)!
  const real = Array.from(scores, (byte) => dequantise(output, byte))
  for (const [i, bias] of layers[0]!.biases.entries()) {
    expect(Math.abs(real[i]! - bias)).toBeLessThan(output.scale)
  }
})

test('behavior: a quantisation holds its range and zero exactly', () => {
  const bound = fc.double({ min: -1e6, max: 1e6, noNaN: true })
  fc.assert(
    fc.property(bound, bound, fc.double({ min: 0, max: 1, noNaN: true }), (a, b, part) => {
      const [min, max] = [Math.min(a, b), Math.max(a, b)]
      fc.pre(max - min > 1e-3)
      const quantisation = quantisationOf(min, max)
      const real = min + (max - min) * part
      const back = dequantise(quantisation, quantise(quantisation, real))
      expect(Math.abs(back - real)).toBeLessThanOrEqual(quantisation.scale * 1.01)
      expect(dequantise(quantisation, quantise(quantisation, 0))).toBe(0)
    }),
  )
})

test('error: layers that do not fit, no calibration', () => {
  const layers = randomLayers(5, [4, 3])
  const calibration = randomInputs(6, 1, 5)
  const input = { rows: 1, rowBytes: 5, quantisation: unit }
  expect(() => quantiseMlp({ input, layers, calibration })).toThrow(LayerShapeError)
  expect(() => quantiseMlp({ input: { ...input, rowBytes: 4 }, layers, calibration: [] })).toThrow(
    CalibrationEmptyError,
  )
})
