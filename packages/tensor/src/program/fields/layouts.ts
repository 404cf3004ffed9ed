import { type Layout, layoutLength } from './fields.ts'

/** Kinds of operators; the place of each in this list is the first byte of its descriptors. */
export const operatorKinds = [
  'input',
  'dense',
  'lookup',
  'conv',
  'add',
  'mul',
  'pool',
  'move',
  'softmax',
  'constant',
  'trees',
  'sum',
] as const

/** What a pool takes of its window; the place in this list is its `mode`. */
export const poolModes = ['average', 'maximum'] as const

/** What every descriptor starts with. */
export const headerLayout = {
  kind: 'uint8',
  source: 'uint16',
  rows: 'uint32',
  rowBytes: 'uint32',
} as const satisfies Layout

/** Bytes of the header. */
export const headerLength = layoutLength(headerLayout)

const clamp = { clampMin: 'uint8', clampMax: 'uint8' } as const
const output = { outputZero: 'uint8', ...clamp } as const
const kernel = { kernelHeight: 'uint16', kernelWidth: 'uint16' } as const
const stride = { strideHeight: 'uint16', strideWidth: 'uint16' } as const
const dilation = { dilationHeight: 'uint16', dilationWidth: 'uint16' } as const
const padding = { padTop: 'uint16', padLeft: 'uint16' } as const

/** What follows the header, for the kinds whose descriptors have one length. */
export const layouts = {
  input: {},
  dense: { inputs: 'uint32', ...output, weightsRoot: 'hash' },
  lookup: { table: 'table' },
  conv: {
    width: 'uint32',
    channels: 'uint32',
    outputs: 'uint32',
    groups: 'uint32',
    ...kernel,
    ...stride,
    ...dilation,
    ...padding,
    inputZero: 'uint8',
    ...output,
    weightsRoot: 'hash',
  },
  add: {
    other: 'uint16',
    leftShift: 'uint8',
    zero1: 'uint8',
    multiplier1: 'int32',
    shift1: 'int8',
    zero2: 'uint8',
    multiplier2: 'int32',
    shift2: 'int8',
    multiplier: 'int32',
    shift: 'int8',
    ...output,
  },
  mul: {
    other: 'uint16',
    zero1: 'uint8',
    zero2: 'uint8',
    multiplier: 'int32',
    shift: 'int8',
    ...output,
  },
  pool: {
    mode: 'uint8',
    width: 'uint32',
    channels: 'uint32',
    ...kernel,
    ...stride,
    ...padding,
    ...clamp,
  },
  softmax: { depth: 'uint32', multiplier: 'int32', leftShift: 'uint8', diffMin: 'int32' },
  constant: { weightsRoot: 'hash' },
  trees: { featureBytes: 'uint8', values: 'uint16', rowLength: 'uint32', weightsRoot: 'hash' },
} as const satisfies Record<string, Layout>

/** First fields of a MOVE; the dims and the pieces follow. */
export const moveLayout = { fill: 'uint8', rank: 'uint8' } as const satisfies Layout

/** Start of each piece of a MOVE; its axes follow. */
export const pieceLayout = { source: 'uint16', base: 'uint32' } as const satisfies Layout

/** One axis of a piece's box. */
export const axisLayout = {
  low: 'uint32',
  high: 'uint32',
  stride: 'uint32',
} as const satisfies Layout

/** First field of a SUM; its biases follow. */
export const sumLayout = { outputs: 'uint32' } as const satisfies Layout
