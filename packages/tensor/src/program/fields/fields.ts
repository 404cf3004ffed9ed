import { bytesToHex, type Hash, hexToBytes } from 'viem'

import { FieldRangeError } from '../errors.ts'

/** How a field is written; integers are big-endian. */
export type FieldType = 'uint8' | 'int8' | 'uint16' | 'uint32' | 'int32' | 'hash' | 'table'

/** Fields that lie one after another, in the order of the keys. */
export type Layout = Readonly<Record<string, FieldType>>

type ValueOf<type> = type extends 'hash' ? Hash : type extends 'table' ? Uint8Array : number

/** Values of the fields of a layout. */
export type Fields<layout extends Layout> = {
  -readonly [name in keyof layout]: ValueOf<layout[name]>
}

const lengths: Record<FieldType, number> = {
  uint8: 1,
  int8: 1,
  uint16: 2,
  uint32: 4,
  int32: 4,
  hash: 32,
  table: 256,
}

/** Returns the bytes that a layout takes. */
export function layoutLength(layout: Layout): number {
  return Object.values(layout).reduce((sum, type) => sum + lengths[type], 0)
}

/** Writes the fields of a layout; throws `FieldRangeError` where a value does not fit. */
export function writeFields<const layout extends Layout>(
  layout: layout,
  values: Readonly<Fields<layout>>,
): Uint8Array {
  const bytes = new Uint8Array(layoutLength(layout))
  const view = new DataView(bytes.buffer)
  let offset = 0
  for (const [name, type] of Object.entries(layout)) {
    writeField(view, offset, name, type, values[name]!)
    offset += lengths[type]
  }
  return bytes
}

/** Reads the fields of a layout from `offset` on; the view must hold them. */
export function readFields<const layout extends Layout>(
  layout: layout,
  view: DataView,
  offset = 0,
): Fields<layout> {
  let at = offset
  const entries = Object.entries(layout).map(([name, type]) => {
    const value = readField(view, at, type)
    at += lengths[type]
    return [name, value] as const
  })
  // The entries have the names of the layout, which `fromEntries` cannot know.
  return Object.fromEntries(entries) as Fields<layout>
}

function writeField(
  view: DataView,
  offset: number,
  name: string,
  type: FieldType,
  value: number | Hash | Uint8Array,
) {
  if (typeof value === 'number') return writeInteger(view, offset, name, type, value)
  const bytes = typeof value === 'string' ? hexToBytes(value) : value
  if (bytes.length !== lengths[type]) {
    throw new FieldRangeError(name, bytes.length, `${lengths[type]} bytes`)
  }
  new Uint8Array(view.buffer).set(bytes, offset)
}

function writeInteger(
  view: DataView,
  offset: number,
  name: string,
  type: FieldType,
  value: number,
) {
  const bits = lengths[type] * 8
  const isSigned = type.startsWith('int')
  const [min, max] = isSigned ? [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1] : [0, 2 ** bits - 1]
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new FieldRangeError(name, value, `an integer from ${min} to ${max}`)
  }
  // The low bytes of two's complement are those of the unsigned integer.
  for (let i = lengths[type] - 1, rest = value; i >= 0; i -= 1, rest = Math.floor(rest / 256)) {
    view.setUint8(offset + i, rest & 0xff)
  }
}

function readField(view: DataView, offset: number, type: FieldType) {
  switch (type) {
    case 'uint8':
      return view.getUint8(offset)
    case 'int8':
      return view.getInt8(offset)
    case 'uint16':
      return view.getUint16(offset)
    case 'uint32':
      return view.getUint32(offset)
    case 'int32':
      return view.getInt32(offset)
    case 'hash':
      return bytesToHex(new Uint8Array(view.buffer, view.byteOffset + offset, 32))
    case 'table':
      return new Uint8Array(view.buffer, view.byteOffset + offset, 256).slice()
  }
}
