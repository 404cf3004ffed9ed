import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Hash } from 'viem'
import { ProgramRootError } from '../program/errors.ts'
import type { Program } from '../program/Program.ts'
import { type ProgramLimits, parseProgram } from '../program/parseProgram.ts'
import { parseProgramFile } from '../program/programFile.ts'

export type LoadProgramParameters = {
  /** Folder with `program.json` and `weights.bin`. */
  folder: string
  /** Root that the program must have, if it is known from elsewhere. */
  root?: Hash
  limits?: ProgramLimits
}

/**
 * Reads and validates the program in a folder.
 *
 * @example
 * const program = await loadProgram({ folder: 'models/digits' })
 */
export async function loadProgram(parameters: LoadProgramParameters): Promise<Program> {
  const { folder, root, limits } = parameters
  const [text, weights] = await Promise.all([
    readFile(join(folder, 'program.json'), 'utf8'),
    readFile(join(folder, 'weights.bin')),
  ])
  const file = parseProgramFile(text)
  if (root !== undefined && file.root !== root) throw new ProgramRootError(file.root, root)
  // A plain copy: a Buffer's `slice` shares memory, a Uint8Array's does not.
  const bytes = new Uint8Array(weights)
  return parseProgram({ ...file, weights: bytes, ...(limits === undefined ? {} : { limits }) })
}
