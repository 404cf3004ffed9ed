import { concatBytes, hexToBytes, numberToBytes } from 'viem'

import type { Operator } from './Operator.ts'

/** Bytes of the header that every descriptor starts with. */
export const headerLength = 11

/** First byte of each kind's descriptor. */
export const operatorKinds = { input: 0, dense: 1, lookup: 2 } as const

/** Encodes an operator as a leaf of the program tree. */
export function encodeOperator(operator: Operator): Uint8Array {
  const header = concatBytes([
    Uint8Array.of(operatorKinds[operator.kind]),
    numberToBytes(operator.kind === 'input' ? 0 : operator.source, { size: 2 }),
    numberToBytes(operator.rows, { size: 4 }),
    numberToBytes(operator.rowBytes, { size: 4 }),
  ])
  return concatBytes([header, encodeBody(operator)])
}

function encodeBody(operator: Operator): Uint8Array {
  if (operator.kind === 'input') return new Uint8Array(0)
  if (operator.kind === 'lookup') return operator.table
  const { inputs, outputZero, clampMin, clampMax, weightsRoot } = operator
  return concatBytes([
    numberToBytes(inputs, { size: 4 }),
    Uint8Array.of(outputZero, clampMin, clampMax),
    hexToBytes(weightsRoot),
  ])
}
