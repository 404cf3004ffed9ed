import type { ConvLayer, DenseLayer } from '../program/Layer.ts'
import type { WeightRow } from '../program/weightRow.ts'
import type { Random } from './createRandom.ts'
import {
  divisorsOf,
  type LayerContext,
  randomClamp,
  randomWindow,
  randomWord,
} from './randomContext.ts'

/** Makes a dense layer over the whole source. */
export function randomDense({ random, source, read, bytes }: LayerContext): DenseLayer {
  const inputs = read.rows * read.rowBytes
  const outputs = random.integer(1, bytes)
  // The clamp is drawn first and the rows before the zero: committed vectors follow from this order.
  const [a, b] = [random.integer(0, 255), random.integer(0, 255)]
  const isOpen = random.uniform() < 0.7
  return {
    kind: 'dense',
    source,
    rows: Array.from({ length: outputs }, () => randomRow(random, inputs)),
    outputZero: random.integer(0, 255),
    clampMin: isOpen ? 0 : Math.min(a, b),
    clampMax: isOpen ? 255 : Math.max(a, b),
  }
}

/** Makes a convolution. */
export function randomConv(context: LayerContext): ConvLayer {
  const { random, source, rows, bytes } = context
  const window = randomWindow(context)
  const { channels, kernelHeight, kernelWidth } = window
  const groups = random.pick(divisorsOf(channels, bytes))
  const outputs = groups * random.integer(1, Math.max(1, Math.min(3, Math.floor(bytes / groups))))
  const inputs = kernelHeight * kernelWidth * (channels / groups)
  return {
    kind: 'conv',
    source,
    ...window,
    groups,
    dilationHeight: random.pick([1, 1, 2]),
    dilationWidth: random.pick([1, 1, 2]),
    inputZero: random.integer(0, 255),
    ...randomClamp(random),
    height: random.integer(1, rows),
    outputWidth: random.integer(1, Math.max(1, Math.floor(bytes / outputs))),
    rows: Array.from({ length: outputs }, () => randomRow(random, inputs)),
  }
}

function randomRow(random: Random, inputs: number): WeightRow {
  const weights = Int8Array.from(random.bytes(inputs))
  if (random.uniform() < 0.1) return { ...randomExtremes(random), weights }
  const mean = weights.reduce((sum, weight) => sum + weight * 128, 0)
  const spread = Math.ceil(Math.log2(74 * 74 * Math.sqrt(inputs) + 1)) - 5
  return {
    bias: -mean + random.integer(-5000, 5000),
    multiplier: random.integer(2 ** 30, 2 ** 31 - 1),
    shift: -Math.min(spread, 31),
    weights,
  }
}

/** Values that only a careless implementation gets wrong. */
function randomExtremes(random: Random) {
  return {
    bias: randomWord(random),
    multiplier: randomWord(random),
    shift: random.integer(-128, 127),
  }
}
