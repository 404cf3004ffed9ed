import type { Random } from './createRandom.ts'

/** Shape of a tensor. */
export type Shape = { rows: number; rowBytes: number }

/** What a random layer is made for. */
export type LayerContext = {
  random: Random
  /** Tensor read, and its shape. */
  source: number
  read: Shape
  /** Shapes of all tensors so far. */
  shapes: readonly Shape[]
  /** Bounds of what is produced. */
  rows: number
  bytes: number
}

/** Returns the divisors of a number, up to a bound. */
export function divisorsOf(value: number, max = value): number[] {
  return Array.from({ length: Math.min(value, max) }, (_, i) => i + 1).filter(
    (divisor) => value % divisor === 0,
  )
}

/** Returns a random clamp, mostly one that keeps every byte, and a random zero. */
export function randomClamp(random: Random) {
  const [a, b] = [random.integer(0, 255), random.integer(0, 255)]
  const isOpen = random.uniform() < 0.7
  return {
    outputZero: random.integer(0, 255),
    clampMin: isOpen ? 0 : Math.min(a, b),
    clampMax: isOpen ? 255 : Math.max(a, b),
  }
}

/** An int32 that only a careless implementation gets wrong. */
export function randomWord(random: Random): number {
  return random.pick([random.uint32() | 0, -(2 ** 31), 2 ** 31 - 1, 2 ** 30, -1, 0, 1])
}

/** A multiplier and a shift: mostly 1/2 to 1 times a power of two between the bounds, now and then anything at all. */
export function randomScale(random: Random, minShift: number, maxShift: number) {
  if (random.uniform() < 0.1) {
    return { multiplier: randomWord(random), shift: random.integer(-128, 127) }
  }
  return {
    multiplier: random.integer(2 ** 30, 2 ** 31 - 1),
    shift: random.integer(minShift, maxShift),
  }
}

/** A window of up to 3 × 3 over an image of random channels; mostly inside, at times partly or wholly outside. */
export function randomWindow({ random, read }: LayerContext) {
  const channels = random.pick(divisorsOf(read.rowBytes))
  const [kernelHeight, kernelWidth] = [random.integer(1, 3), random.integer(1, 3)]
  return {
    width: read.rowBytes / channels,
    channels,
    kernelHeight,
    kernelWidth,
    strideHeight: random.pick([1, 1, 1, 2, 3]),
    strideWidth: random.pick([1, 1, 1, 2, 3]),
    padTop: random.integer(0, kernelHeight - 1 + (random.uniform() < 0.1 ? 2 : 0)),
    padLeft: random.integer(0, kernelWidth - 1 + (random.uniform() < 0.1 ? 2 : 0)),
  }
}
