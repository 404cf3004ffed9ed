import { expect, test } from 'vitest'

import { ImportError, UnsupportedModelError, UnsupportedOperatorError } from '../errors.ts'
import { importTflite } from './importTflite.ts'
import { buildModel, type ModelSpec } from './testing/buildModel.ts'
import { between, binary, conv, image, list, q, softmaxed, unary } from './testing/models.ts'
import * as specs from './testing/specs.ts'

const { codes, activations } = specs

const unsupported: [string, ModelSpec, Partial<UnsupportedOperatorError>][] = [
  [
    'an operator that no program has',
    unary(codes.TRANSPOSE_CONV),
    { operator: 'TRANSPOSE_CONV', subject: 'it' },
  ],
  ['control flow', unary(codes.WHILE), { operator: 'WHILE' }],
  [
    'a custom operator',
    {
      ...unary(codes.CUSTOM),
      operators: [{ code: codes.CUSTOM, custom: 'Flex', inputs: [0], outputs: [1] }],
    },
    { operator: 'CUSTOM "Flex"' },
  ],
  [
    'an operator with two outputs',
    {
      tensors: [image, image, image],
      operators: [{ code: codes.RELU, inputs: [0], outputs: [1, 2] }],
    },
    { operator: 'RELU', found: '2' },
  ],
  ['activations of 16 bits', between({ ...image, type: 'INT16' }), { found: 'INT16' }],
  ['activations without quantisation', between({ shape: image.shape }), { found: 'missing' }],
  [
    'activations with a scale for each channel',
    between({ ...image, scale: [0.1, 0.2], axis: 3 }),
    { found: '2 scales' },
  ],
  ['activations without a scale', between({ ...image, scale: 0 }), { found: 'scale 0' }],
  ['a zero point of 9 bits', between({ ...image, zeroPoint: 200 }), { found: 'zero point 200' }],
  [
    'weights of four bits',
    conv({ weights: { type: 'INT4' } }),
    { subject: 'type of its weights', found: 'INT4' },
  ],
  [
    'weights with a zero point',
    conv({ weights: { zeroPoint: 3 } }),
    { subject: 'zero point of its weights', found: '3' },
  ],
  [
    'weights without scales',
    {
      ...conv(),
      tensors: conv().tensors.map((tensor, i) =>
        i === 1 ? { shape: [2, 1, 1, 2], data: [1, 2, 3, 4] } : tensor,
      ),
    },
    { subject: 'quantisation of its weights', found: 'missing' },
  ],
  [
    'weights with scales along another axis',
    conv({ weights: { scale: [0.1, 0.2], axis: 3 } }),
    {
      subject: 'quantisation of its weights',
    },
  ],
  [
    'biases of 8 bits',
    conv({ bias: { type: 'INT8' } }),
    { subject: 'type of its bias', found: 'INT8' },
  ],
  [
    'an accumulator of 64 bits',
    conv({ options: specs.convOptions({ biasType: 4 }) }),
    {
      subject: 'type of its accumulator',
      found: 'INT64',
    },
  ],
  [
    'a fused tanh',
    conv({ options: specs.convOptions({ activation: activations.TANH }) }),
    {
      subject: 'fused activation',
      found: 'TANH',
    },
  ],
  [
    'a batch',
    conv({ input: { shape: [2, 4, 4, 2] }, output: { shape: [2, 4, 4, 2] } }),
    {
      subject: 'shape of tensor 0',
    },
  ],
  [
    'a stride of zero',
    conv({ options: specs.convOptions({ stride: [0, 1] }) }),
    { subject: 'its stride' },
  ],
  [
    'an unknown padding',
    conv({ options: specs.convOptions({ padding: 7 }) }),
    { subject: 'padding' },
  ],
  [
    'shuffled weights',
    {
      tensors: [list, { shape: [1, 4], data: [1, 2, 3, 4], scale: 1 }, { shape: [1, 1], ...q }],
      operators: [
        {
          code: codes.FULLY_CONNECTED,
          inputs: [0, 1],
          outputs: [2],
          options: specs.fullyConnectedOptions(0, 1),
        },
      ],
    },
    { subject: 'format of its weights' },
  ],
  [
    'computed weights',
    {
      tensors: [
        { shape: [4, 4], ...q },
        { shape: [4, 4], ...q },
        { shape: [4, 4], ...q },
      ],
      operators: [
        { code: codes.RELU, inputs: [0], outputs: [1] },
        {
          code: codes.FULLY_CONNECTED,
          inputs: [0, 1],
          outputs: [2],
          options: specs.fullyConnectedOptions(),
        },
      ],
    },
    { node: 1, subject: 'its weights', found: 'computed' },
  ],
  ['a multiplier out of reach', conv({ output: { scale: 1e-12 } }), { subject: 'its multiplier' }],
  [
    'a pool that changes scales',
    unary(codes.MAX_POOL_2D, {}, { scale: 0.25 }, specs.poolOptions()),
    {
      operator: 'MAX_POOL_2D',
      subject: 'quantisation of its output',
    },
  ],
  [
    'a reshape that changes scales',
    unary(codes.RESHAPE, {}, { zeroPoint: 1 }),
    { operator: 'RESHAPE' },
  ],
  [
    'a joined tensor of another scale',
    binary(
      codes.CONCATENATION,
      { ...image, scale: 0.25 },
      { ...image, shape: [1, 4, 4, 4] },
      specs.concatenationOptions(3),
    ),
    { operator: 'CONCATENATION' },
  ],
  [
    'a fused activation of a concatenation',
    binary(
      codes.CONCATENATION,
      { ...image, data: Array.from({ length: 32 }, () => 0) },
      { ...image, shape: [1, 4, 4, 4] },
      specs.concatenationOptions(3, activations.RELU),
    ),
    { found: 'RELU', supported: 'NONE' },
  ],
  [
    'negative paddings',
    binary(
      codes.PAD,
      { shape: [4, 2], type: 'INT32', data: [0, 0, -1, 0, 0, 0, 0, 0] },
      { ...image, shape: [1, 3, 4, 2] },
    ),
    { subject: 'its paddings', found: '-1' },
  ],
  [
    'computed axes',
    binary(codes.MEAN, { shape: [2], type: 'INT32' }, { ...image, shape: [1, 1, 1, 2] }),
    {
      subject: 'its axes',
      found: 'computed',
    },
  ],
  [
    'softmax of another output scale',
    unary(codes.SOFTMAX, {}, {}, specs.softmaxOptions()),
    {
      operator: 'SOFTMAX',
      subject: 'quantisation of its output',
    },
  ],
  [
    'softmax of 512 elements',
    unary(
      codes.SOFTMAX,
      { shape: [1, 512] },
      { shape: [1, 512], ...softmaxed },
      specs.softmaxOptions(),
    ),
    { subject: 'its depth', found: '512' },
  ],
  [
    'softmax without beta',
    unary(codes.SOFTMAX, {}, softmaxed, specs.softmaxOptions(0)),
    {
      operator: 'SOFTMAX',
    },
  ],
  [
    'a sum whose output scale is too fine',
    binary(
      codes.ADD,
      { ...image, data: Array.from({ length: 32 }, () => 0) },
      { ...image, scale: 1e-7 },
      specs.addOptions(),
    ),
    { operator: 'ADD', subject: 'ratio of its scales' },
  ],
  [
    'LOGISTIC of another output',
    unary(codes.LOGISTIC, {}, { scale: 1 / 256, zeroPoint: 0 }),
    {
      operator: 'LOGISTIC',
    },
  ],
  ['TANH of another output', unary(codes.TANH, {}, softmaxed), { operator: 'TANH' }],
  [
    'LOGISTIC of a tiny input scale',
    unary(codes.LOGISTIC, { scale: 2e-9 }, softmaxed),
    {
      subject: 'scale of its input',
    },
  ],
  ['RELU6 that requantises', unary(codes.RELU6, {}, { scale: 0.25 }), { operator: 'RELU6' }],
  [
    'floats in the middle',
    {
      tensors: [image, { shape: image.shape, type: 'FLOAT32' }, image],
      operators: [
        { code: codes.DEQUANTIZE, inputs: [0], outputs: [1] },
        { code: codes.QUANTIZE, inputs: [1], outputs: [2] },
      ],
    },
    { operator: 'DEQUANTIZE', node: 0 },
  ],
]

test.each(unsupported)('refuses: %s', (_, spec, fields) => {
  const model = buildModel(spec)
  expect(() => importTflite(model)).toThrow(UnsupportedOperatorError)
  expect(() => importTflite(model)).toThrow(expect.objectContaining({ node: 0, ...fields }))
})

const unsupportedModels: [string, ModelSpec, string][] = [
  ['two inputs', { ...unary(codes.RELU), inputs: [0, 1] }, 'inputs'],
  ['two outputs', { ...unary(codes.RELU), outputs: [1, 0] }, 'outputs'],
  ['no input', { ...unary(codes.RELU), inputs: [] }, 'inputs'],
  ['an input of 16 bits', unary(codes.RELU, { type: 'INT16' }), 'input'],
  ['floats throughout', unary(codes.RELU, { type: 'FLOAT32' }), 'input'],
  [
    'an output of floats that nothing dequantises',
    unary(codes.RELU, {}, { type: 'FLOAT32' }),
    'output',
  ],
  ['an input without scale', unary(codes.RELU, { scale: 0 }), "input's quantisation"],
  ['an input of two scales', unary(codes.RELU, { scale: [1, 2] }), "input's quantisation"],
  ['another schema', { ...unary(codes.RELU), version: 2 }, 'schema version'],
  ['state', unary(codes.RELU, {}, { isVariable: true }), 'tensor 1'],
]

test.each(unsupportedModels)('refuses a model: %s', (_, spec, subject) => {
  const model = buildModel(spec)
  expect(() => importTflite(model)).toThrow(UnsupportedModelError)
  expect(() => importTflite(model)).toThrow(expect.objectContaining({ subject }))
})

test('behavior: every refusal is an import error', () => {
  const all = [...unsupported.map(([, spec]) => spec), ...unsupportedModels.map(([, spec]) => spec)]
  expect(all.length).toBeGreaterThan(45)
  for (const spec of all) expect(() => importTflite(buildModel(spec))).toThrow(ImportError)
})
