import { describe, expect, test } from 'vitest'

import { createRandom, type Random } from '../../examples/createRandom.ts'
import type { TensorSpec } from './testing/buildModel.ts'
import * as kernels from './testing/kernels.ts'
import { runModel } from './testing/runModel.ts'
import * as specs from './testing/specs.ts'

const { codes, padding, activations } = specs

function product(shape: readonly number[]) {
  return shape.reduce((total, dim) => total * dim, 1)
}

/** A stream of numbers for each title. */
function randomOf(title: string) {
  const seed = [...title].reduce(
    (hash, letter) => (Math.imul(hash, 31) + letter.charCodeAt(0)) | 0,
    7,
  )
  return createRandom(seed)
}

function int8s(random: Random, length: number): number[] {
  return [...Int8Array.from(random.bytes(length))]
}

/** Float32 like those of a model. */
function scaleFrom(random: Random, least: number, most: number) {
  return Math.fround(least + random.uniform() * (most - least))
}

function tensorOf(random: Random, shape: readonly number[], scale?: number): kernels.Int8Tensor {
  return {
    shape,
    data: int8s(random, product(shape)),
    scale: scale ?? scaleFrom(random, 0.02, 0.2),
    zeroPoint: random.integer(-128, 127),
  }
}

/** The model's input has no data. */
function asInput({ shape, scale, zeroPoint }: Omit<kernels.Int8Tensor, 'data'>): TensorSpec {
  return { shape, scale, zeroPoint }
}

function outputOf(random: Random, shape: readonly number[], scale = 0.1): kernels.Output {
  return { shape, scale: Math.fround(scale), zeroPoint: random.integer(-100, 100) }
}

type WindowCase = {
  image: readonly [number, number, number]
  kernel: readonly [number, number]
  stride?: readonly [number, number]
  dilation?: readonly [number, number]
  isSame?: boolean
}

/** Window and output size by TFLite's formulas, said another way: SAME has ceil(size / stride) places. */
function windowOf({
  image,
  kernel,
  stride = [1, 1],
  dilation = [1, 1],
  isSame = false,
}: WindowCase) {
  const along = (side: 0 | 1) => {
    const extent = (kernel[side] - 1) * dilation[side] + 1
    if (!isSame) return { size: Math.floor((image[side] - extent) / stride[side]) + 1, pad: 0 }
    const size = Math.ceil(image[side] / stride[side])
    const missing = Math.max((size - 1) * stride[side] + extent - image[side], 0)
    return { size, pad: Math.floor(missing / 2) }
  }
  const [down, across] = [along(0), along(1)]
  const window: kernels.Window = { kernel, stride, dilation, pad: [down.pad, across.pad] }
  const option = isSame ? padding.SAME : padding.VALID
  return {
    window,
    height: down.size,
    width: across.size,
    options: { stride, dilation, padding: option },
  }
}

const windowCases: (WindowCase & { title: string })[] = [
  { title: 'VALID', image: [5, 6, 4], kernel: [3, 2] },
  { title: 'SAME, odd padding', image: [6, 7, 4], kernel: [3, 4], stride: [2, 2], isSame: true },
  { title: 'dilation', image: [9, 8, 4], kernel: [3, 3], dilation: [2, 3], isSame: true },
  { title: 'strides that differ', image: [9, 7, 4], kernel: [2, 3], stride: [3, 1] },
  { title: 'a column of 15', image: [18, 1, 4], kernel: [15, 1] },
]

describe.each(windowCases)('window: $title', (windowCase) => {
  const [lines, places, channels] = windowCase.image
  const { window, height, width, options } = windowOf(windowCase)

  test.each([
    { groups: 1, outputs: 5, perChannel: true, hasBias: true },
    { groups: 2, outputs: 6, perChannel: false, hasBias: false },
  ])('CONV_2D in $groups groups', ({ groups, outputs, perChannel, hasBias }) => {
    const random = randomOf(`conv ${windowCase.title} ${groups}`)
    const input = tensorOf(random, [1, lines, places, channels])
    const shape = [outputs, ...windowCase.kernel, channels / groups]
    const scales = Array.from(
      { length: perChannel ? outputs : 1 },
      () => scaleFrom(random, 0.02, 0.2) / product(shape.slice(1)),
    ).map(Math.fround)
    const weights = { shape, data: int8s(random, product(shape)), scales }
    const bias = hasBias ? Array.from({ length: outputs }, () => random.integer(-3000, 3000)) : []
    const output = outputOf(random, [1, height, width, outputs])
    const { output: found } = runModel(
      {
        tensors: [
          asInput(input),
          { shape, data: weights.data, scale: scales, axis: 0 },
          ...(hasBias ? [{ shape: [outputs], type: 'INT32', data: bias } as const] : []),
          asInput(output),
        ],
        operators: [
          {
            code: codes.CONV_2D,
            inputs: hasBias ? [0, 1, 2] : [0, 1, -1],
            outputs: [hasBias ? 3 : 2],
            options: specs.convOptions(options),
          },
        ],
      },
      input.data,
    )
    expect(found).toEqual(kernels.conv({ input, window, weights, bias, output }))
    expect(new Set(found).size).toBeGreaterThan(3)
  })

  test.each([1, 3])('DEPTHWISE_CONV_2D with %i outputs for each channel', (each) => {
    const random = randomOf(`depthwise ${windowCase.title} ${each}`)
    const input = tensorOf(random, [1, lines, places, channels])
    const outputs = channels * each
    const shape = [1, ...windowCase.kernel, outputs]
    const scales = Array.from({ length: outputs }, () =>
      Math.fround(scaleFrom(random, 0.02, 0.2) / product(windowCase.kernel)),
    )
    const weights = { shape, data: int8s(random, product(shape)), scales }
    const bias = Array.from({ length: outputs }, () => random.integer(-500, 500))
    const output = outputOf(random, [1, height, width, outputs])
    const { output: found } = runModel(
      {
        tensors: [
          asInput(input),
          { shape, data: weights.data, scale: scales, axis: 3 },
          { shape: [outputs], type: 'INT32', data: bias },
          asInput(output),
        ],
        operators: [
          {
            code: codes.DEPTHWISE_CONV_2D,
            inputs: [0, 1, 2],
            outputs: [3],
            options: specs.depthwiseOptions(options),
          },
        ],
      },
      input.data,
    )
    expect(found).toEqual(kernels.depthwise({ input, window, weights, bias, output }))
    expect(new Set(found).size).toBeGreaterThan(3)
  })
})

describe.each(windowCases.filter(({ dilation }) => dilation === undefined))(
  'pool: $title',
  (windowCase) => {
    const [lines, places, channels] = windowCase.image
    const { window, height, width, options } = windowOf(windowCase)

    test.each(['average', 'maximum'] as const)('%s', (mode) => {
      const random = randomOf(`pool ${windowCase.title}`)
      const input = tensorOf(random, [1, lines, places, channels])
      const shape = [1, height, width, channels]
      const output = { shape, scale: input.scale, zeroPoint: input.zeroPoint }
      const code = mode === 'average' ? codes.AVERAGE_POOL_2D : codes.MAX_POOL_2D
      const window2 = { ...options, kernel: windowCase.kernel }
      const { output: found } = runModel(
        {
          tensors: [asInput(input), asInput(output)],
          operators: [{ code, inputs: [0], outputs: [1], options: specs.poolOptions(window2) }],
        },
        input.data,
      )
      expect(found).toEqual(kernels.pool(mode, input, window, output))
    })
  },
)

describe('FULLY_CONNECTED', () => {
  test.each([
    { title: 'one list', shape: [1, 2, 3, 2], result: [1, 4], inputs: 12, kind: 'dense' },
    { title: 'several lists', shape: [5, 6], result: [5, 4], inputs: 6, kind: 'conv' },
    { title: 'lists across lines', shape: [1, 4, 3], result: [2, 4], inputs: 6, kind: 'conv' },
    { title: 'an image', shape: [1, 2, 3, 5], result: [1, 2, 3, 4], inputs: 5, kind: 'conv' },
    { title: 'an image, flat', shape: [1, 2, 3, 5], result: [6, 4], inputs: 5, kind: 'conv' },
  ])('$title', ({ shape, result, inputs, kind }) => {
    for (const perChannel of [false, true]) {
      const random = randomOf(`fully ${shape} ${perChannel}`)
      const input = tensorOf(random, shape)
      const scales = Array.from({ length: perChannel ? 4 : 1 }, () =>
        scaleFrom(random, 0.002, 0.02),
      )
      const weights = { shape: [4, inputs], data: int8s(random, 4 * inputs), scales }
      const bias = Array.from({ length: 4 }, () => random.integer(-1000, 1000))
      const output = outputOf(random, result)
      const { output: found, kinds } = runModel(
        {
          tensors: [
            asInput(input),
            { shape: weights.shape, data: weights.data, scale: scales },
            { shape: [4], type: 'INT32', data: bias },
            asInput(output),
          ],
          operators: [
            {
              code: codes.FULLY_CONNECTED,
              inputs: [0, 1, 2],
              outputs: [3],
              options: specs.fullyConnectedOptions(),
            },
          ],
        },
        input.data,
      )
      expect(found).toEqual(kernels.fullyConnected({ input, weights, bias, output }))
      expect(kinds).toContain(kind)
    }
  })
})

describe.each(['ADD', 'MUL'] as const)('%s', (name) => {
  const options = name === 'ADD' ? specs.addOptions : specs.mulOptions
  const kernel = name === 'ADD' ? kernels.add : kernels.mul

  test.each([
    { title: 'equal shapes', a: [1, 3, 4, 2], b: [1, 3, 4, 2], moves: 0 },
    { title: 'channels', a: [1, 3, 4, 2], b: [2], moves: 0 },
    { title: 'a scalar', a: [1, 3, 4, 2], b: [], moves: 0 },
    { title: 'lines', a: [1, 3, 4, 2], b: [1, 3, 1, 1], moves: 0 },
    { title: 'places', a: [1, 3, 4, 2], b: [1, 1, 4, 1], moves: 1 },
    { title: 'a place of each line', a: [1, 3, 4, 2], b: [1, 3, 1, 2], moves: 0 },
    { title: 'the first of the two', a: [2], b: [1, 3, 4, 2], moves: 0 },
    { title: 'both', a: [1, 3, 1, 2], b: [1, 1, 4, 1], moves: 2 },
    { title: 'an image by its lines of lists', a: [1, 3, 4, 2], b: [4, 2], moves: 1 },
    { title: 'rank 3', a: [2, 3, 4], b: [3, 1], moves: 0 },
    { title: 'rank 3, not the last row axis', a: [2, 3, 4], b: [2, 1, 4], moves: 1 },
  ])('$title', ({ a, b, moves }) => {
    const random = randomOf(`${name} ${a} ${b}`)
    const [first, second] = [tensorOf(random, a), tensorOf(random, b)]
    const rank = Math.max(a.length, b.length)
    const shape = Array.from({ length: rank }, (_, i) =>
      Math.max(a[i - rank + a.length] ?? 1, b[i - rank + b.length] ?? 1),
    )
    const output = outputOf(random, shape, name === 'ADD' ? 0.2 : 0.5)
    // The second is a constant that an operator returns, so its shape is not the importer's to choose.
    const spec = {
      tensors: [
        asInput(first),
        { ...asInput(second), data: second.data },
        asInput(second),
        asInput(output),
      ],
      operators: [
        { code: codes.RESHAPE, inputs: [1], outputs: [2] },
        { code: codes[name], inputs: [0, 2], outputs: [3], options: options() },
      ],
    }
    const { output: found, kinds } = runModel(spec, first.data)
    expect(found).toEqual(kernel(first, second, output))
    expect(kinds.filter((kind) => kind === 'move').length).toBe(moves)
  })

  test('behavior: a fused activation clamps', () => {
    const random = randomOf(`${name} clamp`)
    const [first, second] = [tensorOf(random, [6, 5], 0.1), tensorOf(random, [6, 5], 0.1)]
    const output = { shape: [6, 5], scale: Math.fround(0.11), zeroPoint: -20 }
    const six = Math.round(6 / 0.11) - 20
    for (const [activation, clamp] of [
      [activations.RELU, [-20, 127]],
      [activations.RELU6, [-20, six]],
      [activations.RELU_N1_TO_1, [-29, -11]],
    ] as const) {
      const { output: found } = runModel(
        {
          tensors: [asInput(first), { ...asInput(second), data: second.data }, asInput(output)],
          operators: [
            { code: codes[name], inputs: [0, 1], outputs: [2], options: options(activation) },
          ],
        },
        first.data,
      )
      expect(found).toEqual(kernel(first, second, { ...output, clamp }))
      expect(Math.min(...found)).toBe(clamp[0])
      expect(Math.max(...found)).toBe(clamp[1])
    }
  })
})

describe('MEAN', () => {
  test.each([
    { title: 'an image', shape: [1, 5, 7, 3], axes: [1, 2], kinds: ['conv'] },
    {
      title: 'an image, axes the other way round',
      shape: [1, 4, 4, 3],
      axes: [2, 1],
      kinds: ['conv'],
    },
    { title: 'an image, negative axes', shape: [1, 3, 3, 2], axes: [-3, -2], kinds: ['conv'] },
    { title: 'channels', shape: [1, 3, 4, 5], axes: [3], kinds: ['move', 'conv', 'move'] },
    { title: 'lines', shape: [1, 3, 4, 5], axes: [1], kinds: ['move', 'conv', 'move'] },
    { title: 'the last axis', shape: [3, 6], axes: [1], kinds: ['conv'] },
    { title: 'the first axis', shape: [3, 6], axes: [0], kinds: ['move', 'conv', 'move'] },
    { title: 'all', shape: [1, 2, 3, 4], axes: [0, 1, 2, 3], kinds: ['move', 'conv'] },
  ])('$title', ({ shape, axes, kinds }) => {
    const random = randomOf(`mean ${shape} ${axes}`)
    const input = tensorOf(random, shape, 0.05)
    const reduced = axes.map((axis) => (axis < 0 ? axis + shape.length : axis))
    const kept = shape.map((dim, axis) => (reduced.includes(axis) ? 1 : dim))
    const dropped = shape.filter((_, axis) => !reduced.includes(axis))
    for (const result of [kept, dropped]) {
      const output = outputOf(random, result, 0.011)
      const { output: found, kinds: foundKinds } = runModel(
        {
          tensors: [
            asInput(input),
            { shape: [axes.length], type: 'INT32', data: axes },
            asInput(output),
          ],
          operators: [{ code: codes.MEAN, inputs: [0, 1], outputs: [2] }],
        },
        input.data,
      )
      expect(found).toEqual(kernels.mean(input, reduced, output))
      if (result === kept) expect(foundKinds).toEqual(kinds)
    }
  })
})
