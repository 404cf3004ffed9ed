import { product, stridesOf } from '../dims.ts'

/** A run of coordinates: how many there are and how far apart their bytes lie. */
export type Factor = { size: number; stride: number }

/**
 * Where the bytes of a tensor lie: its elements in row-major order are counted by the factors, the last one fastest. Since
 * dimensions are not part of it, a reshape changes no layout, and a transposition only reorders it.
 */
export type Layout = readonly Factor[]

/** Returns the layout of a tensor in row-major order. */
export function rowMajor(dims: readonly number[]): Layout {
  const strides = stridesOf(dims)
  return dims.map((size, axis) => ({ size, stride: strides[axis]! }))
}

/** Returns the layout of dimensions whose bytes lie in the order of axes given. */
export function ordered(dims: readonly number[], order: readonly number[]): Layout {
  const strides = stridesOf(order.map((axis) => dims[axis]!))
  return dims.map((size, axis) => ({ size, stride: strides[order.indexOf(axis)]! }))
}

/** Cuts a layout into the factors of each dimension; undefined where a factor spans dimensions unevenly. */
export function cut(layout: Layout, dims: readonly number[]): Factor[][] | undefined {
  const rest = layout.filter(({ size }) => size !== 1)
  const parts: Factor[][] = []
  for (const dim of dims.toReversed()) {
    const part: Factor[] = []
    let open = dim
    while (open > 1) {
      const last = rest.pop()
      if (last === undefined) return undefined
      if (open % last.size === 0) {
        part.unshift(last)
        open /= last.size
      } else if (last.size % open === 0) {
        rest.push({ size: last.size / open, stride: last.stride * open })
        part.unshift({ size: open, stride: last.stride })
        open = 1
      } else return undefined
    }
    parts.unshift(part)
  }
  return parts
}

/** Joins neighbouring factors that count on without a gap. */
export function merge(layout: Layout): Factor[] {
  const merged: Factor[] = []
  for (const factor of layout) {
    if (factor.size === 1) continue
    const last = merged.at(-1)
    if (last !== undefined && last.stride === factor.size * factor.stride) {
      merged[merged.length - 1] = { size: last.size * factor.size, stride: factor.stride }
    } else merged.push(factor)
  }
  return merged.length === 0 ? [{ size: 1, stride: 1 }] : merged
}

/** Whether bytes lie in the order in which a layout counts them. */
export function isPlain(layout: Layout): boolean {
  const merged = merge(layout)
  return merged.length === 1 && merged[0]!.stride === 1
}

/** Returns the byte at which each element lies, elements in row-major order. */
export function bytesOf(layout: Layout): Int32Array {
  let index = Int32Array.of(0)
  for (const { size, stride } of layout) {
    const next = new Int32Array(index.length * size)
    for (let i = 0; i < next.length; i += 1) {
      next[i] = index[Math.floor(i / size)]! + (i % size) * stride
    }
    index = next
  }
  return index
}

/** Product of the sizes. */
export function lengthOf(layout: Layout): number {
  return product(layout.map(({ size }) => size))
}
