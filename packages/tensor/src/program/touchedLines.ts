import type { ConvOperator, PoolOperator } from './Operator.ts'

/** Lines of an image that a window touches: `count` of them, `step` apart. */
export type TouchedLines = { first: number; count: number; step: number }

/** Returns the lines, inside an image of `height` lines, that the windows of an output row touch. */
export function touchedLines(
  operator: ConvOperator | PoolOperator,
  height: number,
  row: number,
): TouchedLines {
  const { kernelHeight, strideHeight, padTop } = operator
  const step = operator.kind === 'conv' ? operator.dilationHeight : 1
  const top = row * strideHeight - padTop
  const from = Math.max(0, Math.ceil(-top / step))
  const to = Math.min(kernelHeight, Math.ceil((height - top) / step))
  return { first: top + from * step, count: Math.max(0, to - from), step }
}
