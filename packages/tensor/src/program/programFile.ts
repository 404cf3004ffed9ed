import { bytesToHex, type Hash, type Hex, hexToBytes, isHash, isHex } from 'viem'

import { ProgramFileError } from './errors.ts'
import type { Program } from './Program.ts'

/** What `program.json` says of the layout it has. */
export const programFormat = 'assay-program-1'

/** Content of a `program.json`; the weights lie in a binary file of their own. */
export type ProgramFile = {
  /** Root that descriptors and weights must have. */
  root: Hash
  /** Encoded operators. */
  descriptors: Uint8Array[]
}

/** Writes the descriptors of a program as the text of a `program.json`. */
export function formatProgramFile(program: Program): string {
  const file = {
    format: programFormat,
    root: program.tree.root,
    descriptors: program.descriptors.map((descriptor) => bytesToHex(descriptor)),
  }
  return `${JSON.stringify(file, null, 2)}\n`
}

/** Reads the text of a `program.json`. */
export function parseProgramFile(text: string): ProgramFile {
  const file = parseJson(text)
  if (typeof file !== 'object' || file === null) throw new ProgramFileError('content', 'an object')
  const { format, root, descriptors }: Record<string, unknown> = { ...file }
  if (format !== programFormat) throw new ProgramFileError('format', programFormat)
  if (typeof root !== 'string' || !isHash(root)) {
    throw new ProgramFileError('root', '32 bytes in hex')
  }
  if (!Array.isArray(descriptors) || !descriptors.every(isBytes)) {
    throw new ProgramFileError('descriptors', 'a list of bytes in hex')
  }
  return { root, descriptors: descriptors.map((descriptor) => hexToBytes(descriptor)) }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new ProgramFileError('content', 'JSON', cause)
  }
}

function isBytes(value: unknown): value is Hex {
  return isHex(value) && value.length % 2 === 0
}
