import { bytesToHex } from 'viem'

import { headerLength, operatorKinds } from './encodeOperator.ts'
import { DescriptorLengthError, OperatorKindError, ShapeError, SourceError } from './errors.ts'
import type { DenseOperator, InputOperator, LookupOperator, Operator } from './Operator.ts'

type Header = { index: number; source: number; rows: number; rowBytes: number }

const denseLength = headerLength + 39
const lookupLength = headerLength + 256

/** Decodes and validates the operator after `earlier`; its index is their number. */
export function decodeOperator(descriptor: Uint8Array, earlier: readonly Operator[]): Operator {
  const index = earlier.length
  if (descriptor.length < headerLength) {
    throw new DescriptorLengthError(index, descriptor.length, `at least ${headerLength}`)
  }
  const view = new DataView(descriptor.buffer, descriptor.byteOffset, descriptor.length)
  const kind = view.getUint8(0)
  const header = {
    index,
    source: view.getUint16(1),
    rows: view.getUint32(3),
    rowBytes: view.getUint32(7),
  }
  if (header.rows === 0) throw new ShapeError(index, 'rows', 0, 'at least 1')
  if (header.rowBytes === 0) throw new ShapeError(index, 'rowBytes', 0, 'at least 1')

  if (index === 0) {
    if (kind !== operatorKinds.input) throw new OperatorKindError(index, kind)
    return decodeInput(header, descriptor)
  }
  if (kind !== operatorKinds.dense && kind !== operatorKinds.lookup) {
    throw new OperatorKindError(index, kind)
  }
  const source = earlier[header.source]
  if (source === undefined) throw new SourceError(index, header.source)
  return kind === operatorKinds.dense
    ? decodeDense(header, view, source)
    : decodeLookup(header, descriptor, source)
}

function decodeInput(header: Header, descriptor: Uint8Array): InputOperator {
  const { index, source, rows, rowBytes } = header
  needLength(index, descriptor.length, headerLength)
  if (source !== 0) throw new SourceError(index, source)
  return { kind: 'input', rows, rowBytes }
}

function decodeDense(header: Header, view: DataView, read: Operator): DenseOperator {
  const { index, source, rows, rowBytes } = header
  needLength(index, view.byteLength, denseLength)
  if (rows !== 1) throw new ShapeError(index, 'rows', rows, 1)
  const inputs = view.getUint32(headerLength)
  const readBytes = read.rows * read.rowBytes
  if (inputs !== readBytes) throw new ShapeError(index, 'inputs', inputs, readBytes)
  const [outputZero, clampMin, clampMax] = [15, 16, 17].map((offset) => view.getUint8(offset)) as [
    number,
    number,
    number,
  ]
  const weightsRoot = bytesToHex(new Uint8Array(view.buffer, view.byteOffset + 18, 32))
  return {
    kind: 'dense',
    source,
    rows,
    rowBytes,
    inputs,
    outputZero,
    clampMin,
    clampMax,
    weightsRoot,
  }
}

function decodeLookup(header: Header, descriptor: Uint8Array, read: Operator): LookupOperator {
  const { index, source, rows, rowBytes } = header
  needLength(index, descriptor.length, lookupLength)
  if (rows !== read.rows) throw new ShapeError(index, 'rows', rows, read.rows)
  if (rowBytes !== read.rowBytes) throw new ShapeError(index, 'rowBytes', rowBytes, read.rowBytes)
  return { kind: 'lookup', source, rows, rowBytes, table: descriptor.slice(headerLength) }
}

function needLength(index: number, found: number, needed: number) {
  if (found !== needed) throw new DescriptorLengthError(index, found, needed)
}
