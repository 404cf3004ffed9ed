import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import { type ImportedModel, type ModelManifest, saveModel } from '@assay/tensor/node'
import { chooseFolder } from './chooseFolder.ts'
import type { LoadRuntime } from './createReference.ts'
import { ModelFileInputError } from './errors.ts'
import { type Agreement, showAgreement } from './measureAgreement.ts'
import { readBytes } from './readBytes.ts'
import { showFidelity } from './showFidelity.ts'
import { showTensor } from './showTensor.ts'

/** Models are at most this large; what a LiteRT importer reads is less. */
const maxFileBytes = 2 ** 28

export type ImportCommandOptions = {
  /** Model file. */
  file: string
  /** Folder for the program; by default one in the current directory that is named like the file. */
  out?: string
  /** File of samples whose activations set ranges, and on which the program is compared. */
  calibrate?: string
  json?: true
  loadRuntime?: LoadRuntime
}

/** What an importer made of a file. */
export type Imported = {
  model: ImportedModel
  importer: string
  agreement?: Agreement
}

/** Imports a model file into a folder; returns what to print. */
export async function importModel(options: ImportCommandOptions): Promise<string> {
  const { file, json } = options
  const bytes = await readBytes(file, maxFileBytes)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const out = options.out ?? (await chooseFolder({ file, sha256 }))
  const { model, importer, agreement } = await importBytes(bytes, options)
  const source = { file: basename(file), sha256 }
  const manifest = await saveModel({ folder: out, model, source, importer })
  const layers = model.parameters.layers.length
  if (json === true) return `${JSON.stringify(summaryOf(manifest, { out, layers, agreement }))}\n`
  const { root, input, output, operators, fidelity } = manifest
  const lines = [
    `${source.file}: ${operators.length} operators became ${layers} layers in ${out}`,
    `  input   ${showTensor(input)}`,
    `  output  ${showTensor(output)}`,
    `  root    ${root}`,
    ...showFidelity(fidelity).map((line) => `  ${line}`),
    ...(agreement === undefined ? [] : showAgreement(agreement)),
  ]
  return `${lines.join('\n')}\n`
}

type Rest = { out: string; layers: number; agreement: Agreement | undefined }

function summaryOf(manifest: ModelManifest, { out, layers, agreement }: Rest) {
  const { root, source, input, output, operators, fidelity } = manifest
  const summary = { folder: out, root, source, operators: operators.length, layers }
  return { ...summary, input, output, fidelity, agreement }
}

async function importBytes(bytes: Uint8Array, options: ImportCommandOptions): Promise<Imported> {
  const { file, calibrate } = options
  if (isTflite(file, bytes)) {
    if (calibrate !== undefined) {
      const fault = 'states its ranges itself; --calibrate is for ONNX models'
      throw new ModelFileInputError(file, fault)
    }
    const { importTflite, tfliteImporter } = await import('@assay/tensor/tflite')
    return { model: importTflite(bytes), importer: tfliteImporter }
  }
  if (!file.endsWith('.onnx')) {
    throw new ModelFileInputError(file, 'is no model in a known format (.tflite, .onnx)')
  }
  const { importOnnxModel } = await import('./importOnnxModel.ts')
  return importOnnxModel(bytes, options)
}

/** By the name, or by the identifier that the format has after its first offset. */
function isTflite(file: string, bytes: Uint8Array) {
  return file.endsWith('.tflite') || String.fromCharCode(...bytes.subarray(4, 8)) === 'TFL3'
}
