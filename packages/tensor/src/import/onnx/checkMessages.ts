import type { DescField, DescMessage } from '@bufbuild/protobuf'
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire'

import { ModelFileError } from '../errors.ts'
import { limits, needWithin } from './limits.ts'

type Budget = { messages: number; listed: number }

/**
 * Walks an encoded message without building it and throws `ImportError` if the file is cut or garbled, or would become
 * more objects than allowed: two bytes are enough for a message that takes a hundred in memory.
 */
export function checkMessages(schema: DescMessage, bytes: Uint8Array): void {
  try {
    walk(schema, bytes, { messages: 0, listed: 0 })
  } catch (cause) {
    // What the library throws on garbled bytes is a plain Error or a RangeError.
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
    if (wire !== WireType.LengthDelimited) {
      reader.skip(wire, number)
      budget.listed += 1
    } else spend(field, reader.bytes(), budget)
    needWithin('listed numbers', budget.listed, limits.listed)
  }
}

function spend(field: DescField | undefined, content: Uint8Array, budget: Budget) {
  if (field?.message !== undefined) walk(field.message, content, budget)
  // A packed list has at most a number for each byte; strings and raw bytes stay one piece.
  else if (field?.fieldKind === 'list' && field.scalar !== undefined && isPacked(field)) {
    budget.listed += content.length / leastBytes(field)
  } else budget.listed += 1
}

function isPacked(field: DescField) {
  return leastBytes(field) > 0
}

/** Bytes of one packed number; 0 for strings and bytes. Scalar types are numbered as in protobuf's descriptors. */
function leastBytes(field: DescField): number {
  switch (field.scalar) {
    case 1:
      return 8
    case 2:
      return 4
    case 9:
    case 12:
      return 0
    default:
      return 1
  }
}
