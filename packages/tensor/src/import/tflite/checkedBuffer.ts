import { ByteBuffer } from 'flatbuffers'

import { ModelFileError } from '../errors.ts'

const identifier = 'TFL3'

/** Bytes of a string that are looked at: names may be shared by any number of tensors. */
const maxString = 1_024

/**
 * Opens a model file for the generated accessors. The runtime of flatbuffers takes every offset of a file on trust, so
 * here each read that leaves the file throws `ModelFileError`, and a vector is never longer than what follows it.
 */
export function checkedBuffer(bytes: Uint8Array): ByteBuffer {
  // Accessors of vectors view the whole `ArrayBuffer`, so it must end where the file does.
  const copy = bytes.slice()
  const buffer = new ByteBuffer(copy)
  const read = {
    uint8: buffer.readUint8.bind(buffer),
    uint16: buffer.readUint16.bind(buffer),
    int32: buffer.readInt32.bind(buffer),
    vector: buffer.__vector.bind(buffer),
    vectorLength: buffer.__vector_len.bind(buffer),
  }

  function need(offset: number, length: number) {
    if (offset < 0 || offset + length > copy.length) {
      throw new ModelFileError('structure', `leads to byte ${offset} of ${copy.length}`)
    }
    return offset
  }

  // Every other read of the runtime is made of these.
  Object.assign(buffer, {
    readUint8: (offset: number) => read.uint8(need(offset, 1)),
    readUint16: (offset: number) => read.uint16(need(offset, 2)),
    readInt32: (offset: number) => read.int32(need(offset, 4)),
    __vector_len(offset: number) {
      const length = read.vectorLength(offset)
      // An element takes a byte at least. A length is unsigned, and read as if it were not.
      if (length < 0)
        throw new ModelFileError('structure', 'has a vector of more than 2^31 elements')
      need(read.vector(offset), length)
      return length
    },
    __string(offset: number) {
      const length = Math.min(buffer.__vector_len(offset), maxString)
      const start = buffer.__vector(offset)
      return new TextDecoder().decode(copy.subarray(start, start + length))
    },
  })

  if (copy.length < 8 || !buffer.__has_identifier(identifier)) {
    throw new ModelFileError('identifier', `is not ${identifier}`)
  }
  return buffer
}
