import { readdir, readFile } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import { parseManifest } from '@assay/tensor/node'

import { ModelFileInputError } from './errors.ts'

export type ChooseFolderParameters = {
  /** Model file. */
  file: string
  /** SHA-256 of its bytes, in hex. */
  sha256: string
}

/** Returns the folder that is named like a model file, in the current directory; nothing but this model may be in it. */
export async function chooseFolder({ file, sha256 }: ChooseFolderParameters): Promise<string> {
  const folder = basename(file, extname(file))
  const names = await list(folder)
  if (names.length === 0 || (await isOf(folder, sha256))) return folder
  throw new ModelFileInputError(folder, 'holds something else; name another folder with --out')
}

async function list(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw new ModelFileInputError(folder, 'is no folder; name one with --out', cause)
  }
}

/** Whether import made the folder of this very model: importing again may change how it was calibrated. */
async function isOf(folder: string, sha256: string): Promise<boolean> {
  try {
    const manifest = parseManifest(await readFile(join(folder, 'manifest.json'), 'utf8'))
    return manifest.source.sha256 === sha256
  } catch {
    return false
  }
}
