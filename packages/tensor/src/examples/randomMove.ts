import type { ConstantLayer, MoveLayer } from '../program/Layer.ts'
import type { Piece } from '../program/Operator.ts'
import type { Random } from './createRandom.ts'
import { divisorsOf, type LayerContext } from './randomContext.ts'

/** Makes a constant. */
export function randomConstant({ random, rows, bytes }: LayerContext): ConstantLayer {
  const [count, rowBytes] = [random.integer(1, rows), random.integer(1, bytes)]
  return { kind: 'constant', rows: Array.from({ length: count }, () => random.bytes(rowBytes)) }
}

/** Makes a move of up to four pieces that overlap, leave gaps and take bytes from any earlier tensor. */
export function randomMove(context: LayerContext): MoveLayer {
  const { random } = context
  const [rows, rowBytes] = [random.integer(1, context.rows), random.integer(1, context.bytes)]
  const dims = randomDims(random, rows * rowBytes)
  const pieces = Array.from({ length: random.integer(0, 4) }, () => randomPiece(context, dims))
  return { kind: 'move', rows, rowBytes, fill: random.integer(0, 255), dims, pieces }
}

/** Splits a number into factors. */
function randomDims(random: Random, volume: number): number[] {
  const rank = random.integer(1, 4)
  const dims: number[] = []
  let rest = volume
  while (dims.length < rank - 1) {
    const dim = random.pick(divisorsOf(rest))
    dims.push(dim)
    rest /= dim
  }
  return [...dims, rest]
}

function randomPiece({ random, shapes }: LayerContext, dims: readonly number[]): Piece {
  const source = random.integer(0, shapes.length - 1)
  const { rows, rowBytes } = shapes[source]!
  const base = random.integer(0, rows * rowBytes - 1)
  let left = rows * rowBytes - 1 - base
  const axes = dims.map((dim) => {
    const isWhole = random.uniform() < 0.5
    const low = isWhole ? 0 : random.integer(0, dim)
    const high = isWhole ? dim : random.integer(low, dim)
    const steps = Math.max(0, high - 1 - low)
    const stride = random.integer(0, steps === 0 ? 9 : Math.floor(left / steps))
    left -= steps * stride
    return { low, high, stride }
  })
  return { source, base, axes }
}
