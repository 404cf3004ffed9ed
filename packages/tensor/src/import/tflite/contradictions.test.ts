import { expect, test } from 'vitest'

import { ModelFileError, ModelLimitError } from '../errors.ts'
import { importTflite } from './importTflite.ts'
import { buildModel, type ModelSpec } from './testing/buildModel.ts'
import { axes, binary, conv, image, q, softmaxed, unary } from './testing/models.ts'
import * as specs from './testing/specs.ts'

const { codes } = specs

const contradictions: [string, ModelSpec][] = [
  [
    'an operator that reads its own output',
    {
      tensors: [image, image],
      operators: [{ code: codes.RELU, inputs: [1], outputs: [1] }],
    },
  ],
  [
    'a cycle',
    {
      tensors: [image, image, image],
      operators: [
        { code: codes.RELU, inputs: [2], outputs: [1] },
        { code: codes.RELU, inputs: [1], outputs: [2] },
      ],
    },
  ],
  [
    'a tensor that two operators produce',
    {
      tensors: [image, image],
      operators: [
        { code: codes.RELU, inputs: [0], outputs: [1] },
        { code: codes.RELU, inputs: [0], outputs: [1] },
      ],
    },
  ],
  [
    'an operator that produces the input',
    {
      tensors: [image, image],
      operators: [{ code: codes.RELU, inputs: [0], outputs: [0] }],
    },
  ],
  [
    'an operator that produces a constant',
    unary(codes.RELU, {}, { data: Array.from({ length: 32 }, () => 0) }),
  ],
  ['an input that is a constant', unary(codes.RELU, { data: Array.from({ length: 32 }, () => 0) })],
  ['an output that nothing produces', { tensors: [image, image], operators: [] }],
  [
    'a tensor number out of range',
    {
      tensors: [image, image],
      operators: [{ code: codes.RELU, inputs: [7], outputs: [1] }],
    },
  ],
  [
    'a negative output',
    {
      tensors: [image, image],
      operators: [{ code: codes.RELU, inputs: [0], outputs: [-1] }],
    },
  ],
  ['a buffer number out of range', unary(codes.RELU, {}, { buffer: 99 })],
  ['a constant of another length', conv({ weights: { data: [1, 2, 3] } })],
  ['a dimension of zero', unary(codes.RELU, { shape: [1, 0] }, { shape: [1, 0] })],
  ['a negative dimension', unary(codes.RELU, { shape: [1, -4] }, { shape: [1, -4] })],
  ['an output of another shape', unary(codes.RELU, {}, { shape: [1, 4, 4, 3] })],
  ['a reshape that loses elements', unary(codes.RESHAPE, {}, { shape: [1, 31] })],
  [
    'a window larger than its input',
    unary(codes.MAX_POOL_2D, {}, { shape: [1, 1, 1, 2] }, specs.poolOptions({ kernel: [5, 5] })),
  ],
  [
    'weights for other channels',
    conv({
      weights: { shape: [2, 1, 1, 3], data: [1, 2, 3, 4, 5, 6] },
    }),
  ],
  ['biases for other outputs', conv({ bias: { shape: [3], data: [0, 0, 0] } })],
  ['missing options', unary(codes.SOFTMAX, {}, softmaxed)],
  ['options of another operator', unary(codes.SOFTMAX, {}, softmaxed, specs.addOptions())],
  ['a reduced axis that is missing', binary(codes.MEAN, axes(4), image)],
  [
    'shapes that do not go together',
    binary(codes.ADD, { shape: [3], data: [1, 2, 3], ...q }, image, specs.addOptions()),
  ],
  [
    'no inputs',
    { tensors: [image, image], operators: [{ code: codes.RELU, inputs: [], outputs: [1] }] },
  ],
]

test.each(contradictions)('error: %s', (_, spec) => {
  expect(() => importTflite(buildModel(spec))).toThrow(ModelFileError)
})

const tooLarge: [string, ModelSpec][] = [
  [
    'a tensor of 2^62 elements',
    unary(codes.RELU, { shape: [2 ** 31 - 1, 2 ** 31 - 1] }, { shape: [2 ** 31 - 1, 2 ** 31 - 1] }),
  ],
  [
    'nine dimensions',
    unary(
      codes.RELU,
      { shape: Array.from({ length: 9 }, () => 1) },
      { shape: Array.from({ length: 9 }, () => 1) },
    ),
  ],
  [
    'activations of a gigabyte in all',
    {
      tensors: Array.from({ length: 17 }, () => ({ shape: [2 ** 26], ...q })),
      operators: Array.from({ length: 16 }, (_, i) => ({
        code: codes.RELU,
        inputs: [i],
        outputs: [i + 1],
      })),
    },
  ],
  [
    'weights that many operators share',
    {
      tensors: [
        { shape: [1, 1024], ...q },
        { shape: [1024, 1024], data: Array.from({ length: 2 ** 20 }, () => 1), ...q },
        ...Array.from({ length: 80 }, () => ({ shape: [1, 1024], ...q })),
      ],
      operators: Array.from({ length: 80 }, (_, i) => ({
        code: codes.FULLY_CONNECTED,
        inputs: [i === 0 ? 0 : i + 1, 1],
        outputs: [i + 2],
        options: specs.fullyConnectedOptions(),
      })),
    },
  ],
  [
    'an operator of 65 inputs',
    {
      tensors: [image, image],
      operators: [{ code: codes.RELU, inputs: Array.from({ length: 65 }, () => 0), outputs: [1] }],
    },
  ],
]

test.each(tooLarge)('error: %s', (_, spec) => {
  const model = buildModel(spec)
  const before = process.memoryUsage().arrayBuffers
  expect(() => importTflite(model)).toThrow(ModelLimitError)
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 27)
})
