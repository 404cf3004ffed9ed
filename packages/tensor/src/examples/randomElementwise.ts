import type { AddLayer, LookupLayer, MulLayer, PoolLayer, SoftmaxLayer } from '../program/Layer.ts'
import {
  divisorsOf,
  type LayerContext,
  randomClamp,
  randomScale,
  randomWindow,
  randomWord,
} from './randomContext.ts'

/** Makes a look-up with a random table. */
export function randomLookup({ random, source }: LayerContext): LookupLayer {
  return { kind: 'lookup', source, table: random.bytes(256) }
}

/** Makes an addition with any earlier tensor that repeats to the source's shape. */
export function randomAdd(context: LayerContext): AddLayer {
  const { random, source } = context
  const [first, second] = [randomScale(random, -3, 0), randomScale(random, -3, 0)]
  return {
    kind: 'add',
    source,
    other: otherOf(context),
    leftShift: random.uniform() < 0.7 ? 20 : random.integer(0, 22),
    zero1: random.integer(0, 255),
    multiplier1: first.multiplier,
    shift1: first.shift,
    zero2: random.integer(0, 255),
    multiplier2: second.multiplier,
    shift2: second.shift,
    ...randomScale(random, -20, -16),
    ...randomClamp(random),
  }
}

/** Makes a multiplication with any earlier tensor that repeats to the source's shape. */
export function randomMul(context: LayerContext): MulLayer {
  const { random, source } = context
  return {
    kind: 'mul',
    source,
    other: otherOf(context),
    zero1: random.integer(0, 255),
    zero2: random.integer(0, 255),
    ...randomScale(random, -9, -4),
    ...randomClamp(random),
  }
}

/** Makes a pool of either mode. */
export function randomPool(context: LayerContext): PoolLayer {
  const { random, source, read, rows, bytes } = context
  const window = randomWindow(context)
  const { clampMin, clampMax } = randomClamp(random)
  const mostPlaces = Math.min(window.width + 1, Math.floor(bytes / window.channels))
  return {
    kind: 'pool',
    source,
    mode: random.pick(['average', 'maximum']),
    ...window,
    clampMin,
    clampMax,
    height: random.integer(1, Math.min(rows, read.rows + 1)),
    outputWidth: random.integer(1, Math.max(1, mostPlaces)),
  }
}

/** Makes a softmax as a scale would give it, now and then one that none would. */
export function randomSoftmax({ random, source, read }: LayerContext): SoftmaxLayer {
  // Runs of one byte are always 255.
  const depths = divisorsOf(read.rowBytes, 511)
  const depth = random.pick(depths.length === 1 ? depths : depths.slice(1))
  if (random.uniform() < 0.2) {
    const [multiplier, diffMin] = [randomWord(random), randomWord(random)]
    return { kind: 'softmax', source, depth, multiplier, leftShift: random.integer(0, 31), diffMin }
  }
  const leftShift = random.integer(18, 24)
  const diffMin = -Math.floor((31 * 2 ** 26) / 2 ** leftShift)
  const multiplier = random.integer(2 ** 30, 2 ** 31 - 1)
  return { kind: 'softmax', source, depth, multiplier, leftShift, diffMin }
}

function otherOf({ random, read, shapes }: LayerContext): number {
  const fitting = [...shapes.keys()].filter((tensor) => {
    const { rows, rowBytes } = shapes[tensor]!
    return read.rows % rows === 0 && read.rowBytes % rowBytes === 0
  })
  return random.pick(fitting)
}
