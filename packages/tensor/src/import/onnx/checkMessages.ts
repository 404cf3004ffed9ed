import { type DescField, type DescMessage, ScalarType } from '@bufbuild/protobuf'
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire'

import { ModelFileError } from '../errors.ts'
import { limits, needWithin } from './limits.ts'

type Budget = { messages: number; listed: number }

/**
 * Walks an encoded message without building it and throws `ImportError` if the file is cut or garbled, or would become
 * more objects than allowed: two bytes are enough for a message that takes a hundred in memory.
 */
export function checkMessages(schema: DescMessage, bytes: Uint8Array): void {
  orGarbled(() => walk(schema, bytes, { messages: 0, listed: 0 }))
}

/** Says `ModelFileError` for what the library throws on garbled bytes: a plain Error, a RangeError, a URIError. */
export function orGarbled<result>(read: () => result): result {
  try {
    return read()
  } catch (cause) {
    if (cause instanceof Error && cause.name !== 'ModelLimitError') {
      throw new ModelFileError('structure', 'is no protobuf message of ONNX', cause)
    }
    throw cause
  }
}

function walk(schema: DescMessage, bytes: Uint8Array, budget: Budget) {
  budget.messages += 1
  needWithin('messages', budget.messages, limits.messages)
  const fields = new Map(schema.fields.map((field) => [field.number, field]))
  const reader = new BinaryReader(bytes)
  while (reader.pos < reader.len) {
    const [number, wire] = reader.tag()
    const field = fields.get(number)
    if (field !== undefined) needWire(field, wire)
    if (wire !== WireType.LengthDelimited) {
      reader.skip(wire, number)
      budget.listed += 1
    } else spend(field, reader.bytes(), budget)
    needWithin('listed numbers', budget.listed, limits.listed)
  }
}

/** The library reads a field as its schema says, whatever the file says of its code: they must not differ. */
function needWire(field: DescField, wire: WireType) {
  const own = wireOf(field)
  const isPacked = field.fieldKind === 'list' && wire === WireType.LengthDelimited
  if (wire !== own && !isPacked) {
    throw new ModelFileError(`field ${field.name}`, `has wire type ${wire}, needed ${own}`)
  }
}

function wireOf({ scalar }: DescField): WireType {
  switch (scalar) {
    case undefined:
    case ScalarType.STRING:
    case ScalarType.BYTES:
      return WireType.LengthDelimited
    case ScalarType.DOUBLE:
      return WireType.Bit64
    case ScalarType.FLOAT:
      return WireType.Bit32
    default:
      return WireType.Varint
  }
}

function spend(field: DescField | undefined, content: Uint8Array, budget: Budget) {
  if (field?.message !== undefined) walk(field.message, content, budget)
  // A packed list has at most a number for each byte; strings and raw bytes stay one piece.
  else if (field?.fieldKind === 'list' && leastBytes(field) > 0) {
    budget.listed += content.length / leastBytes(field)
  } else budget.listed += 1
}

/** Bytes of one packed number; 0 for what is not packed. */
function leastBytes(field: DescField): number {
  switch (wireOf(field)) {
    case WireType.Bit64:
      return 8
    case WireType.Bit32:
      return 4
    case WireType.Varint:
      return 1
    default:
      return 0
  }
}
