import type { PoolOperator } from '../../program/Operator.ts'
import type { Step, StepContext } from '../Step.ts'

/** POOL, window by window. */
export function poolStep(operator: PoolOperator, context: StepContext): Step {
  const { arena, places, tensor } = context
  const { width, channels, rows, rowBytes, clampMin, clampMax } = operator
  const { kernelHeight, strideHeight, padTop, kernelWidth, strideWidth, padLeft } = operator
  const [source, out] = [places[operator.source]!, places[tensor]!]
  const isAverage = operator.mode === 'average' ? 1 : 0
  const columns = rowBytes / channels
  const { poolPlace } = arena.kernels

  return () => {
    let target = out.address
    for (let row = 0; row < rows; row += 1) {
      const [line, lines] = clip(row * strideHeight - padTop, kernelHeight, source.rows)
      for (let column = 0; column < columns; column += 1) {
        const [place, inside] = clip(column * strideWidth - padLeft, kernelWidth, width)
        const from = source.address + line * source.rowBytes + place * channels
        const { rowBytes: step } = source
        // biome-ignore format: the kernel's arguments, in its order
        poolPlace(isAverage, from, lines, inside, step, channels, target, clampMin, clampMax)
        target += channels
      }
    }
  }
}

/** Where the part of `length` from `first` on that lies inside `size` begins, and its length; 0 and 0 if none does. */
function clip(first: number, length: number, size: number): [number, number] {
  const from = Math.max(first, 0)
  const to = Math.min(first + length, size)
  return to > from ? [from, to - from] : [0, 0]
}
