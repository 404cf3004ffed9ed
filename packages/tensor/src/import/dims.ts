/** Multiplies dimensions. */
export function product(dims: readonly number[]): number {
  return dims.reduce((total, dim) => total * dim, 1)
}

/** How far apart neighbours along each axis are, in row-major order. */
export function stridesOf(dims: readonly number[]): number[] {
  return dims.map((_, axis) => product(dims.slice(axis + 1)))
}

/** Writes a shape for people. */
export function showShape(dims: readonly number[]): string {
  return `[${dims.join(', ')}]`
}
