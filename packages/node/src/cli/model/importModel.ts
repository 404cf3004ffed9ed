import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import { saveModel } from '@assay/tensor/node'
import { importTflite, tfliteImporter } from '@assay/tensor/tflite'

import { ModelFileInputError } from './errors.ts'
import { readBytes } from './readBytes.ts'
import { showTensor } from './showTensor.ts'

/** Models are at most this large; what a LiteRT importer reads is less. */
const maxFileBytes = 2 ** 28

export type ImportCommandOptions = {
  /** Model file. */
  file: string
  /** Folder for the program. */
  out: string
  json?: true
}

/** Imports a model file into a folder; returns what to print. */
export async function importModel({ file, out, json }: ImportCommandOptions): Promise<string> {
  const bytes = await readBytes(file, maxFileBytes)
  if (!isTflite(file, bytes)) {
    throw new ModelFileInputError(file, 'is no model in the LiteRT format (.tflite)')
  }
  const model = importTflite(bytes)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const source = { file: basename(file), sha256 }
  const manifest = await saveModel({ folder: out, model, source, importer: tfliteImporter })
  const layers = model.parameters.layers.length
  const { root, input, output, operators } = manifest
  if (json === true) {
    const summary = { folder: out, root, source, operators: operators.length, layers }
    return `${JSON.stringify({ ...summary, input, output })}\n`
  }
  const lines = [
    `${source.file}: ${operators.length} operators became ${layers} layers in ${out}`,
    `  input   ${showTensor(input)}`,
    `  output  ${showTensor(output)}`,
    `  root    ${root}`,
  ]
  return `${lines.join('\n')}\n`
}

/** By the name, or by the identifier that the format has after its first offset. */
function isTflite(file: string, bytes: Uint8Array) {
  return file.endsWith('.tflite') || String.fromCharCode(...bytes.subarray(4, 8)) === 'TFL3'
}
