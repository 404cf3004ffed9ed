import { describe, expect, test } from 'vitest'

import { multiplyByQuantizedMultiplier } from '../../arithmetic/multiplyByQuantizedMultiplier.ts'
import { quantizeMultiplier } from '../../arithmetic/quantizeMultiplier.ts'
import { softmax } from '../../arithmetic/softmax.ts'
import { createRandom } from '../../examples/createRandom.ts'
import { composeProgram } from '../../program/composeProgram.ts'
import { importTflite } from './importTflite.ts'
import { buildModel, type OperatorSpec, type TensorSpec } from './testing/buildModel.ts'
import { runModel } from './testing/runModel.ts'
import * as specs from './testing/specs.ts'

const { codes } = specs

/** Every int8 value in turn. */
const everyByte = Array.from({ length: 256 }, (_, i) => i - 128)

function clamp(value: number, least: number, most: number) {
  return Math.min(Math.max(value, least), most)
}

/** Runs an operator without options on every int8 value. */
function runOnEvery(
  code: number,
  input: Omit<TensorSpec, 'shape'>,
  output: Omit<TensorSpec, 'shape'>,
) {
  const tensors = [
    { shape: [16, 16], ...input },
    { shape: [16, 16], ...output },
  ]
  return runModel({ tensors, operators: [{ code, inputs: [0], outputs: [1] }] }, everyByte)
}

function requantise(value: number, real: number) {
  const { multiplier, shift } = quantizeMultiplier(real)
  return multiplyByQuantizedMultiplier(value, multiplier, shift)
}

describe('element by element', () => {
  test('RELU: requantises, then cuts off at the zero point', () => {
    const [input, output] = [
      { scale: Math.fround(0.3), zeroPoint: -7 },
      { scale: Math.fround(0.1), zeroPoint: -50 },
    ]
    const real = input.scale / output.scale
    const needed = everyByte.map((x) => clamp(requantise(x + 7, real) - 50, -50, 127))
    expect(runOnEvery(codes.RELU, input, output).output).toEqual(needed)
  })

  test('RELU6: clamps between zero and six', () => {
    const quantisation = { scale: Math.fround(0.05), zeroPoint: -20 }
    const needed = everyByte.map((x) => clamp(x, -20, 100))
    expect(runOnEvery(codes.RELU6, quantisation, quantisation).output).toEqual(needed)
  })

  test.each([
    { scale: 0.05, zeroPoint: 0 },
    { scale: 0.01, zeroPoint: 100 },
    { scale: 0.0001, zeroPoint: -128 },
    { scale: 0.5, zeroPoint: -3 },
    { scale: 1, zeroPoint: 5 },
  ])(
    'LOGISTIC and TANH: within one of the real function, at scale $scale',
    ({ scale, zeroPoint }) => {
      const input = { scale: Math.fround(scale), zeroPoint }
      const logistic = runOnEvery(codes.LOGISTIC, input, { scale: 1 / 256, zeroPoint: -128 }).output
      const tanh = runOnEvery(codes.TANH, input, { scale: 1 / 128, zeroPoint: 0 }).output
      for (const [i, x] of everyByte.entries()) {
        const real = (x - zeroPoint) * input.scale
        const [l, t] = [256 / (1 + Math.exp(-real)) - 128, 128 * Math.tanh(real)]
        // Fixed point is exact but for a last bit that a tie may turn on.
        expect(Math.abs(logistic[i]! - clamp(l, -128, 127))).toBeLessThanOrEqual(0.5001)
        expect(Math.abs(tanh[i]! - clamp(t, -128, 127))).toBeLessThanOrEqual(0.5001)
      }
      expect(logistic[everyByte.indexOf(zeroPoint)]).toBe(0)
      expect(tanh[everyByte.indexOf(zeroPoint)]).toBe(0)
    },
  )

  test('LOGISTIC and TANH: a scale beyond the radius of the reference leaves only the ends', () => {
    const input = { scale: 20, zeroPoint: 5 }
    const needed = everyByte.map((x) => (x <= 5 ? -128 : 127))
    const logistic = runOnEvery(codes.LOGISTIC, input, { scale: 1 / 256, zeroPoint: -128 }).output
    const tanh = runOnEvery(codes.TANH, input, { scale: 1 / 128, zeroPoint: 0 }).output
    expect(logistic).toEqual(needed)
    expect(tanh).toEqual(needed)
  })

  test('QUANTIZE: from int8 to int8', () => {
    const [input, output] = [
      { scale: Math.fround(0.03), zeroPoint: 12 },
      { scale: Math.fround(0.07), zeroPoint: -100 },
    ]
    const real = input.scale / output.scale
    const needed = everyByte.map((x) => clamp(requantise(x - 12, real) - 100, -128, 127))
    expect(runOnEvery(codes.QUANTIZE, input, output).output).toEqual(needed)
  })
})

test('SOFTMAX: parameters follow from beta and scale', () => {
  const scale = Math.fround(0.17)
  const random = createRandom(5)
  const data = [...Int8Array.from(random.bytes(2 * 3 * 5))]
  const { output } = runModel(
    {
      tensors: [
        { shape: [1, 2, 3, 5], scale, zeroPoint: 9 },
        { shape: [1, 2, 3, 5], scale: 1 / 256, zeroPoint: -128 },
      ],
      operators: [
        { code: codes.SOFTMAX, inputs: [0], outputs: [1], options: specs.softmaxOptions(0.5) },
      ],
    },
    data,
  )
  const { multiplier, shift: leftShift } = quantizeMultiplier(0.5 * scale * 2 ** 26)
  const diffMin = -Math.floor((31 * 2 ** 26) / 2 ** leftShift)
  const rows = Array.from({ length: 6 }, (_, row) => {
    const bytes = Uint8Array.from(data.slice(5 * row, 5 * row + 5), (value) => value + 128)
    return [...softmax(bytes, { multiplier, leftShift, diffMin })].map((byte) => byte - 128)
  })
  expect(output).toEqual(rows.flat())
  for (const [row, values] of rows.entries()) {
    const exps = data.slice(5 * row, 5 * row + 5).map((value) => Math.exp(0.5 * scale * value))
    const sum = exps.reduce((total, exp) => total + exp, 0)
    for (const [i, value] of values.entries()) {
      expect(Math.abs(value + 128 - clamp((256 * exps[i]!) / sum, 0, 255))).toBeLessThan(1)
    }
  }
})

describe('moves', () => {
  const quantisation = { scale: 0.5, zeroPoint: -3 }
  const input = Array.from({ length: 24 }, (_, i) => i)

  function run(tensors: readonly TensorSpec[], operator: OperatorSpec) {
    return runModel({ tensors, operators: [operator] }, input)
  }

  test('RESHAPE: moves bytes to rows of another length, and nothing where rows stay', () => {
    const shapes = [
      [1, 2, 3, 4],
      [1, 24],
      [24, 1],
    ]
    const { output, kinds } = runModel(
      {
        tensors: [
          ...shapes.map((shape) => ({ shape, ...quantisation })),
          { shape: [2], type: 'INT32', data: [1, -1] },
          { shape: [1, 1, 24, 1], ...quantisation },
        ],
        operators: [
          { code: codes.RESHAPE, inputs: [0, 3], outputs: [1] },
          { code: codes.RESHAPE, inputs: [1], outputs: [4] },
          { code: codes.RESHAPE, inputs: [4], outputs: [2] },
        ],
        outputs: [2],
      },
      input,
    )
    expect(output).toEqual(input)
    expect(kinds).toEqual(['move', 'move'])
  })

  test('CONCATENATION: joins along any axis, constants too', () => {
    const other = Array.from({ length: 8 }, (_, i) => i - 8)
    const { output } = run(
      [
        { shape: [1, 2, 3, 4], ...quantisation },
        { shape: [1, 2, 1, 4], data: other, ...quantisation },
        { shape: [1, 2, 4, 4], ...quantisation },
      ],
      {
        ...{ code: codes.CONCATENATION, inputs: [0, 1], outputs: [2] },
        options: specs.concatenationOptions(-2),
      },
    )
    const lines = [input.slice(0, 12), other.slice(0, 4), input.slice(12), other.slice(4)]
    expect(output).toEqual(lines.flat())
  })

  test('PAD: the zero point surrounds the input', () => {
    const { output } = run(
      [
        { shape: [1, 2, 3, 4], ...quantisation },
        { shape: [4, 2], type: 'INT32', data: [0, 0, 1, 2, 1, 0, 0, 0] },
        { shape: [1, 5, 4, 4], ...quantisation },
      ],
      { code: codes.PAD, inputs: [0, 1], outputs: [2] },
    )
    const needed = Array.from({ length: 80 }, (_, i) => {
      const [y, x, c] = [Math.floor(i / 16) - 1, (Math.floor(i / 4) % 4) - 1, i % 4]
      const isInside = y >= 0 && y < 2 && x >= 0
      return isInside ? input[(y * 3 + x) * 4 + c]! : -3
    })
    expect(output).toEqual(needed)
  })
})

describe('edges', () => {
  const inner = { shape: [2, 2], scale: 0.5, zeroPoint: -10 }
  const outer = { shape: [2, 2], type: 'FLOAT32' } as const
  const relu: OperatorSpec = { code: codes.RELU, inputs: [1], outputs: [2] }

  test('behavior: floats are quantised before a program and dequantised after it', () => {
    const model = importTflite(
      buildModel({
        tensors: [outer, inner, inner, outer],
        operators: [
          { code: codes.QUANTIZE, inputs: [0], outputs: [1] },
          relu,
          { code: codes.DEQUANTIZE, inputs: [2], outputs: [3] },
        ],
      }),
    )
    expect(model.input).toMatchObject({ type: 'FLOAT32', scale: 0.5, zeroPoint: -10 })
    expect(model.output).toMatchObject({ type: 'FLOAT32', scale: 0.5, zeroPoint: -10 })
    expect(model.operators.map(({ tensor, type }) => [tensor, type])).toEqual([
      [0, 'INT8'],
      [1, 'INT8'],
      [1, 'FLOAT32'],
    ])
    expect(model.parameters.layers.map(({ kind }) => kind)).toEqual(['lookup'])
  })

  test('behavior: bytes of uint8 are those of the program', () => {
    const model = importTflite(
      buildModel({
        tensors: [{ ...inner, type: 'UINT8', zeroPoint: 118 }, inner, inner],
        operators: [{ code: codes.QUANTIZE, inputs: [0], outputs: [1] }, relu],
      }),
    )
    // Only the zero point is counted from another end, so no byte changes.
    expect(model.operators.map(({ tensor }) => tensor)).toEqual([0, 1])
    expect(model.input).toMatchObject({ type: 'UINT8', zeroPoint: -10 })
  })

  test('behavior: an output that is not the last tensor is copied to the end', () => {
    const tensors = [inner, inner, inner].map((tensor) => ({ ...tensor, shape: [4] }))
    const operators = [
      { code: codes.RELU, inputs: [0], outputs: [1] },
      { code: codes.TANH, inputs: [0], outputs: [2] },
    ]
    const tanh = { shape: [4], scale: 1 / 128, zeroPoint: 0 }
    const spec = { tensors: [tensors[0]!, tensors[1]!, tanh], operators, outputs: [1] }
    const { output, kinds } = runModel(spec, [-128, -11, -10, 100])
    expect(output).toEqual([-10, -10, -10, 100])
    expect(kinds).toEqual(['lookup', 'lookup', 'move'])
  })

  test('behavior: a model that changes nothing still is a program', () => {
    const spec = {
      tensors: [inner, inner],
      operators: [{ code: codes.QUANTIZE, inputs: [0], outputs: [1] }],
    }
    const { layers } = importTflite(buildModel(spec)).parameters
    expect(layers.map(({ kind }) => kind)).toEqual(['move'])
    expect(composeProgram({ input: { rows: 2, rowBytes: 2 }, layers }).operators.length).toBe(2)
  })
})

test('behavior: dead channels keep their biases, to 61 bits', () => {
  const bias = [2 ** 30 + 128, -(2 ** 30) - 128, 1_000_000_007]
  const scales = [2e-9, 3e-9, 1e-18].map(Math.fround)
  const output = { scale: Math.fround(0.02), zeroPoint: -128 }
  const { output: found } = runModel(
    {
      tensors: [
        { shape: [1, 1, 1, 2], scale: Math.fround(0.01), zeroPoint: 3 },
        { shape: [3, 1, 1, 2], data: [0, 0, 0, 0, 0, 0], scale: scales },
        { shape: [3], type: 'INT32', data: bias },
        { shape: [1, 1, 1, 3], ...output },
      ],
      operators: [
        { code: codes.CONV_2D, inputs: [0, 1, 2], outputs: [3], options: specs.convOptions() },
      ],
    },
    [50, -50],
  )
  const real = (i: number) => (Math.fround(0.01) * scales[i]!) / output.scale
  expect(quantizeMultiplier(real(2)).multiplier).toBe(0)
  expect(found).toEqual([Math.round(bias[0]! * real(0)) - 128, -128, -128])
  expect(found[0]).toBeGreaterThan(-128)
})
