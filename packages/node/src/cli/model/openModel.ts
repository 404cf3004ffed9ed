import { type LoadedModel, loadModel } from '@assay/tensor/node'

import { ModelFileInputError } from './errors.ts'

/** Loads the model in a folder that a command was given. */
export async function openModel(folder: string): Promise<LoadedModel> {
  try {
    return await loadModel({ folder })
  } catch (cause) {
    if ((cause as { code?: unknown }).code !== 'ENOENT') throw cause
    throw new ModelFileInputError(folder, 'is not a folder with a model', cause)
  }
}
