import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { ImportedModel } from '../import/ImportedModel.ts'
import { formatManifest, type ModelManifest, type ModelSource } from '../import/manifest.ts'
import { composeProgram } from '../program/composeProgram.ts'
import { saveProgram } from './saveProgram.ts'

export type SaveModelParameters = {
  /** Folder that gets `program.json`, `weights.bin` and `manifest.json`; made if missing. */
  folder: string
  model: ImportedModel
  source: ModelSource
  /** Format that was read, and the version of the importer. */
  importer: string
}

/** Writes an imported model to a folder, as `loadModel` reads it; returns the manifest. */
export async function saveModel(parameters: SaveModelParameters): Promise<ModelManifest> {
  const { folder, model, source, importer } = parameters
  const { input, output, operators, fidelity } = model
  const program = composeProgram(model.parameters)
  const manifest = { importer, source, root: program.tree.root, input, output, operators, fidelity }
  await saveProgram({ folder, program })
  await writeFile(join(folder, 'manifest.json'), formatManifest(manifest))
  return manifest
}
