import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { product } from '../import/dims.ts'
import { bytesPerElement } from '../import/elements.ts'
import { ManifestError } from '../import/errors.ts'
import type { ModelOperator, ModelTensor } from '../import/ImportedModel.ts'
import { type ModelManifest, parseManifest } from '../import/manifest.ts'
import type { Program } from '../program/Program.ts'
import { loadProgram } from './loadProgram.ts'

export type LoadModelParameters = {
  /** Folder with `program.json`, `weights.bin` and `manifest.json`. */
  folder: string
}

export type LoadedModel = {
  manifest: ModelManifest
  program: Program
}

/**
 * Reads and validates the model in a folder.
 *
 * @example
 * const { manifest, program } = await loadModel({ folder: 'models/resnet8' })
 */
export async function loadModel(parameters: LoadModelParameters): Promise<LoadedModel> {
  const { folder } = parameters
  const manifest = parseManifest(await readFile(join(folder, 'manifest.json'), 'utf8'))
  const program = await loadProgram({ folder, root: manifest.root })
  needTensors(manifest, program)
  return { manifest, program }
}

/** Every tensor that the manifest speaks of must be in the program, with as many bytes as its shape has elements. */
function needTensors(manifest: ModelManifest, program: Program) {
  const last = program.operators.length - 1
  const ends = [
    { field: 'input.shape', tensor: 0, ...sizeOf(manifest.input) },
    { field: 'output.shape', tensor: last, ...sizeOf(manifest.output) },
  ]
  const inner = manifest.operators.map((operator) => {
    const { index, tensor } = operator
    return { field: `operators[${index}].shape`, tensor, ...sizeOf(operator) }
  })
  for (const { field, bytes, tensor } of [...ends, ...inner]) {
    const { rows, rowBytes } = program.operators[tensor] ?? { rows: 0, rowBytes: 0 }
    if (bytes !== rows * rowBytes) {
      throw new ManifestError(field, `that of tensor ${tensor}, ${rows * rowBytes} bytes`)
    }
  }
}

function sizeOf(tensor: ModelTensor | ModelOperator) {
  return { bytes: product(tensor.shape) * bytesPerElement(tensor) }
}
