import type { MoveOperator, Piece } from '../../program/Operator.ts'
import type { Step, StepContext } from '../Step.ts'

/** MOVE: pieces are painted from the last to the first, so that the first one that holds a byte gives it. */
export function moveStep(operator: MoveOperator, context: StepContext): Step {
  const { arena, places, tensor } = context
  const { dims, fill, pieces } = operator
  const { address: out, rows, rowBytes } = places[tensor]!
  const steps = dims.map((_, axis) => dims.slice(axis + 1).reduce((a, b) => a * b, 1))
  const painted = pieces.filter(({ axes }) => axes.every(({ low, high }) => low < high)).reverse()

  return () => {
    const target = arena.view(out, rows * rowBytes).fill(fill)
    for (const piece of painted) {
      const { address, rows: sourceRows, rowBytes: sourceRowBytes } = places[piece.source]!
      const source = arena.view(address, sourceRows * sourceRowBytes)
      paint({ source, target, steps, piece }, 0, piece.base, 0)
    }
  }
}

type Painting = {
  source: Uint8Array
  target: Uint8Array
  /** Bytes of the output from a coordinate of an axis to the next. */
  steps: readonly number[]
  piece: Piece
}

/** Copies the part of a piece's box that begins at byte `from` of the source and `to` of the output, axis `axis` on. */
function paint(painting: Painting, axis: number, from: number, to: number) {
  const { source, target, steps, piece } = painting
  const { low, high, stride } = piece.axes[axis]!
  const step = steps[axis]!
  const first = to + low * step
  const count = high - low
  if (axis < steps.length - 1) {
    for (let i = 0; i < count; i += 1) {
      paint(painting, axis + 1, from + i * stride, first + i * step)
    }
  } else if (stride === 1) {
    target.set(source.subarray(from, from + count), first)
  } else {
    for (let i = 0; i < count; i += 1) target[first + i] = source[from + i * stride]!
  }
}
