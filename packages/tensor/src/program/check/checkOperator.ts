import { ShapeError, SourceError } from '../errors.ts'
import type {
  DenseOperator,
  Operator,
  SoftmaxOperator,
  SumOperator,
  TreesOperator,
} from '../Operator.ts'
import { checkMove } from './checkMove.ts'
import { checkPaired } from './checkPaired.ts'
import { checkConv, checkPool } from './checkWindow.ts'
import { needEqual, needMultiple, needSameShape, needWithin, type Shape } from './need.ts'

/** Longest run of a softmax: the sum of as many exponentials still has a reciprocal in fixed point. */
const maxDepth = 511

/** Checks an operator against the earlier ones, whose tensors it reads; throws an `OperatorError`. */
export function checkOperator(operator: Operator, earlier: readonly Operator[]) {
  const index = earlier.length
  if (operator.kind === 'input' || operator.kind === 'constant') return
  if (operator.kind === 'move') return checkMove(operator, earlier)

  const read = earlier[operator.source]
  if (read === undefined) throw new SourceError(index, operator.source)
  switch (operator.kind) {
    case 'dense':
      return checkDense(index, operator, read)
    case 'lookup':
      return needSameShape(index, operator, read)
    case 'conv':
      return checkConv(index, operator, read)
    case 'add':
    case 'mul':
      return checkPaired(operator, read, earlier)
    case 'pool':
      return checkPool(index, operator, read)
    case 'softmax':
      return checkSoftmax(index, operator, read)
    case 'trees':
      return checkTrees(index, operator)
    case 'sum':
      return checkSum(index, operator, read)
  }
}

function checkDense(index: number, { inputs }: DenseOperator, read: Shape) {
  needEqual(index, 'inputs', inputs, read.rows * read.rowBytes)
}

function checkSoftmax(index: number, operator: SoftmaxOperator, read: Shape) {
  const { rowBytes, depth, leftShift } = operator
  needSameShape(index, operator, read)
  needWithin(index, 'depth', depth, 1, maxDepth)
  needMultiple(index, 'rowBytes', rowBytes, depth)
  needWithin(index, 'leftShift', leftShift, 0, 31)
}

function checkTrees(index: number, { rowBytes, values }: TreesOperator) {
  needEqual(index, 'rowBytes', rowBytes, 4 * values)
}

function checkSum(index: number, { rowBytes, outputs }: SumOperator, read: Shape) {
  needEqual(index, 'rowBytes', rowBytes, 4 * outputs)
  needMultiple(index, 'rowBytes of the source', read.rowBytes, 4)
  // The number of values can exceed 2^53.
  const values = BigInt(read.rows) * BigInt(read.rowBytes / 4)
  if (values % BigInt(outputs) !== 0n) {
    throw new ShapeError(index, 'values of the source', String(values), `a multiple of ${outputs}`)
  }
}
