import { product } from '../dims.ts'
import type { Shape } from '../Layers.ts'

/**
 * Maps a model's shape to rows: an image [1, H, W, C] has a row per line, any other tensor one per list along its last
 * axis. The bytes keep their order.
 */
export function shapeOf(dims: readonly number[]): Shape {
  const split = dims.length === 4 ? 2 : Math.max(dims.length - 1, 0)
  return { rows: product(dims.slice(0, split)), rowBytes: product(dims.slice(split)) }
}
