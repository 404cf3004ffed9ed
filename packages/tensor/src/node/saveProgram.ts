import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { Program } from '../program/Program.ts'
import { formatProgramFile } from '../program/programFile.ts'
import { weightBytes } from '../program/weightBytes.ts'

export type SaveProgramParameters = {
  /** Folder that gets `program.json` and `weights.bin`; made if missing. */
  folder: string
  program: Program
}

/** Writes a program to a folder, as `loadProgram` reads it. */
export async function saveProgram(parameters: SaveProgramParameters): Promise<void> {
  const { folder, program } = parameters
  await mkdir(folder, { recursive: true })
  await Promise.all([
    writeFile(join(folder, 'program.json'), formatProgramFile(program)),
    writeFile(join(folder, 'weights.bin'), weightBytes(program)),
  ])
}
