import { checkOperator } from './check/checkOperator.ts'
import { needEqual } from './check/need.ts'
import { decodeMove } from './decodeMove.ts'
import { decodeSum } from './decodeSum.ts'
import {
  DescriptorLengthError,
  FieldError,
  OperatorKindError,
  ShapeError,
  SourceError,
} from './errors.ts'
import { type Fields, type Layout, layoutLength, readFields } from './fields/fields.ts'
import { headerLayout, headerLength, layouts, operatorKinds, poolModes } from './fields/layouts.ts'
import type { Operator } from './Operator.ts'

/** Decodes and validates the operator after `earlier`; its index is their number. Throws an `OperatorError`. */
export function decodeOperator(descriptor: Uint8Array, earlier: readonly Operator[]): Operator {
  const index = earlier.length
  if (descriptor.length < headerLength) {
    throw new DescriptorLengthError(index, descriptor.length, `at least ${headerLength}`)
  }
  const view = new DataView(descriptor.buffer, descriptor.byteOffset, descriptor.length)
  const { rows, rowBytes } = readFields(headerLayout, view)
  if (rows === 0) throw new ShapeError(index, 'rows', 0, 'at least 1')
  if (rowBytes === 0) throw new ShapeError(index, 'rowBytes', 0, 'at least 1')

  const operator = readOperator(index, view)
  checkOperator(operator, earlier)
  return operator
}

/** Reads the fields of a descriptor, and refuses those that no operator of its kind has. */
function readOperator(index: number, view: DataView): Operator {
  const { kind: number, source, rows, rowBytes } = readFields(headerLayout, view)
  const kind = operatorKinds[number]
  if (kind === undefined || (index === 0) !== (kind === 'input')) {
    throw new OperatorKindError(index, number)
  }
  const header = { source, rows, rowBytes }
  switch (kind) {
    case 'input':
      needNoSource(index, source)
      return { kind, rows, rowBytes, ...readBody(index, layouts.input, view) }
    case 'constant':
      needNoSource(index, source)
      return { kind, rows, rowBytes, ...readBody(index, layouts.constant, view) }
    case 'dense':
      needEqual(index, 'rows', rows, 1)
      return { kind, ...header, rows: 1, ...readBody(index, layouts.dense, view) }
    case 'lookup':
      return { kind, ...header, ...readBody(index, layouts.lookup, view) }
    case 'conv':
      return { kind, ...header, ...readBody(index, layouts.conv, view) }
    case 'add':
      return { kind, ...header, ...readBody(index, layouts.add, view) }
    case 'mul':
      return { kind, ...header, ...readBody(index, layouts.mul, view) }
    case 'pool':
      return { kind, ...header, ...readPool(index, view) }
    case 'move':
      return { kind, ...header, ...decodeMove(index, view) }
    case 'softmax':
      return { kind, ...header, ...readBody(index, layouts.softmax, view) }
    case 'trees':
      return { kind, ...header, ...readTrees(index, view) }
    case 'sum':
      needEqual(index, 'rows', rows, 1)
      return { kind, ...header, rows: 1, ...decodeSum(index, view) }
  }
}

function readPool(index: number, view: DataView) {
  const { mode: number, ...body } = readBody(index, layouts.pool, view)
  const mode = poolModes[number]
  if (mode === undefined) throw new FieldError(index, 'mode', number, '0 or 1')
  return { ...body, mode }
}

function readTrees(index: number, view: DataView) {
  const { featureBytes, ...body } = readBody(index, layouts.trees, view)
  if (featureBytes !== 1 && featureBytes !== 2) {
    throw new FieldError(index, 'featureBytes', featureBytes, '1 or 2')
  }
  return { ...body, featureBytes: featureBytes as 1 | 2 }
}

/** Reads what follows the header, which must be all that follows. */
function readBody<const layout extends Layout>(
  index: number,
  layout: layout,
  view: DataView,
): Fields<layout> {
  const needed = headerLength + layoutLength(layout)
  if (view.byteLength !== needed) throw new DescriptorLengthError(index, view.byteLength, needed)
  return readFields(layout, view, headerLength)
}

function needNoSource(index: number, source: number) {
  if (source !== 0) throw new SourceError(index, source, 'source', 0)
}
