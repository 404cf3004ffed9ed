import { composeProgram, encodeTree, type Layer, type Program } from '@assay/tensor'

/** A program whose last element of its last operator costs about as much as one of its kind can for its size. */
export type HeavyProgram = { name: string; program: Program; input: Uint8Array }

const output = { outputZero: 128, clampMin: 0, clampMax: 255 }
const unit = { multiplier: 2 ** 30, shift: 0 }

function windowOver(width: number, channels: number, kernel: number) {
  return {
    source: 0,
    width,
    channels,
    kernelHeight: kernel,
    kernelWidth: kernel,
    strideHeight: 1,
    strideWidth: 1,
    padTop: 0,
    padLeft: 0,
  }
}

function heavy(name: string, rows: number, rowBytes: number, layer: Layer): HeavyProgram {
  const program = composeProgram({ input: { rows, rowBytes }, layers: [layer] })
  const input = Uint8Array.from({ length: rows * rowBytes }, (_, i) => 1 + (i % 255))
  return { name, program, input }
}

/** A convolution that gathers every byte of its window alone. */
function depthwise(size: number): HeavyProgram {
  const weights = new Int8Array(size * size).fill(-1)
  const rows = [0, 1].map(() => ({ bias: 0, ...unit, weights }))
  return heavy('conv', size, 2 * size, {
    kind: 'conv',
    ...windowOver(size, 2, size),
    ...output,
    groups: 2,
    dilationHeight: 1,
    dilationWidth: 1,
    inputZero: 128,
    height: 1,
    outputWidth: 1,
    rows,
  })
}

function pool(size: number): HeavyProgram {
  return heavy('pool', size, size, {
    kind: 'pool',
    mode: 'average',
    ...windowOver(size, 1, size),
    clampMin: 0,
    clampMax: 255,
    height: 1,
    outputWidth: 1,
  })
}

/** Every box misses the element on its last axis. */
function move(): HeavyProgram {
  const miss = { low: 0, high: 1, stride: 1 }
  const pieces = Array.from({ length: 64 }, () => ({
    source: 0,
    base: 0,
    axes: [...Array(7).fill({ low: 1, high: 2, stride: 0 }), miss],
  }))
  const dims = Array<number>(8).fill(2)
  return heavy('move', 1, 16, { kind: 'move', rows: 1, rowBytes: 256, fill: 3, dims, pieces })
}

/** Every exponential counts, and takes every factor that it can. */
function softmax(): HeavyProgram {
  const parameters = { depth: 511, multiplier: 2 ** 31 - 1, leftShift: 22, diffMin: -(2 ** 31) }
  return heavy('softmax', 1, 511, { kind: 'softmax', source: 0, ...parameters })
}

/** A tree that is one long path. */
function chain(length: number): HeavyProgram {
  const nodes = Array.from({ length }, (_, n) => ({
    feature: 0,
    threshold: 0,
    below: { leaf: 0 },
    otherwise: n === length - 1 ? { leaf: 0 } : { node: n + 1 },
  }))
  const trees = [encodeTree({ nodes, leaves: [[7]] })]
  return heavy('trees', 1, 2, { kind: 'trees', source: 0, featureBytes: 2, values: 1, trees })
}

function sum(values: number): HeavyProgram {
  const bias = Int32Array.of(-1)
  return heavy('sum', 4, values, { kind: 'sum', source: 0, outputs: 1, bias })
}

function add(): HeavyProgram {
  return heavy('add', 4, 16, {
    kind: 'add',
    source: 0,
    other: 0,
    ...output,
    leftShift: 22,
    zero1: 255,
    multiplier1: 2 ** 30,
    shift1: -1,
    zero2: 255,
    multiplier2: 2 ** 30,
    shift2: -1,
    multiplier: 2 ** 30,
    shift: -20,
  })
}

/** Programs that are all computation and little calldata. */
export function heavyPrograms(): HeavyProgram[] {
  return [depthwise(48), pool(100), move(), softmax(), chain(4_000), sum(20_000), add()]
}
