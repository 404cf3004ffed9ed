import type { ConvOperator, PoolOperator, Window } from '../Operator.ts'
import { needEqual, needMultiple, needPositive, type Shape } from './need.ts'

const windowFields = ['kernelHeight', 'kernelWidth', 'strideHeight', 'strideWidth'] as const

/** Checks a convolution against the shape that it reads. */
export function checkConv(index: number, operator: ConvOperator, read: Shape) {
  const { channels, groups, outputs, rowBytes } = operator
  checkWindow(index, operator, read)
  needPositive(index, 'dilationHeight', operator.dilationHeight)
  needPositive(index, 'dilationWidth', operator.dilationWidth)
  needPositive(index, 'groups', groups)
  needPositive(index, 'outputs', outputs)
  needMultiple(index, 'channels', channels, groups)
  needMultiple(index, 'outputs', outputs, groups)
  needMultiple(index, 'rowBytes', rowBytes, outputs)
}

/** Checks a pool against the shape that it reads. */
export function checkPool(index: number, operator: PoolOperator, read: Shape) {
  checkWindow(index, operator, read)
  needMultiple(index, 'rowBytes', operator.rowBytes, operator.channels)
}

function checkWindow(index: number, window: Window, read: Shape) {
  needEqual(index, 'width · channels', window.width * window.channels, read.rowBytes)
  for (const field of windowFields) needPositive(index, field, window[field])
}
