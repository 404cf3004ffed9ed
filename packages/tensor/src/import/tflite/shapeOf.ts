import type { Shape } from './Graph.ts'

/**
 * Maps a model's shape to rows: an image [1, H, W, C] has a row per line, any other tensor one per list along its last
 * axis. The bytes keep their order.
 */
export function shapeOf(dims: readonly number[]): Shape {
  const split = dims.length === 4 ? 2 : Math.max(dims.length - 1, 0)
  return { rows: product(dims.slice(0, split)), rowBytes: product(dims.slice(split)) }
}

/** Multiplies dimensions. */
export function product(dims: readonly number[]): number {
  return dims.reduce((total, dim) => total * dim, 1)
}

/** How far apart neighbours along each axis are, in row-major order. */
export function stridesOf(dims: readonly number[]): number[] {
  return dims.map((_, axis) => product(dims.slice(axis + 1)))
}
