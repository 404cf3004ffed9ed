import { readFile, stat } from 'node:fs/promises'

import { ModelFileInputError } from './errors.ts'

/** Reads a file of limited size. */
export async function readBytes(file: string, maxBytes: number): Promise<Uint8Array> {
  try {
    const { size } = await stat(file)
    if (size > maxBytes) {
      throw new ModelFileInputError(file, `has ${size} bytes; at most ${maxBytes} are read`)
    }
    return new Uint8Array(await readFile(file))
  } catch (cause) {
    if (cause instanceof ModelFileInputError) throw cause
    throw new ModelFileInputError(file, 'cannot be read', cause)
  }
}
