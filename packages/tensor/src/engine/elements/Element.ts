/** Computes the byte at a position of one tensor: row · rowBytes + column. */
export type Element = (position: number) => number
