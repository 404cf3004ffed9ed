import { composeProgram } from '@assay/tensor'
import { onnxImporter, openOnnx } from '@assay/tensor/onnx'

import { createReference } from './createReference.ts'
import type { ImportCommandOptions, Imported } from './importModel.ts'
import { measureAgreement } from './measureAgreement.ts'
import { readSamples } from './readSamples.ts'

/** Imports an ONNX model; where there are samples, compares the program with the model on them. */
export async function importOnnxModel(
  bytes: Uint8Array,
  options: Pick<ImportCommandOptions, 'calibrate' | 'loadRuntime'>,
): Promise<Imported> {
  const { calibrate, loadRuntime } = options
  const file = openOnnx(bytes)
  const samples = calibrate === undefined ? [] : await readSamples(calibrate, file.input)
  const model = file.toProgram(samples)
  if (samples.length === 0) return { model, importer: onnxImporter }

  const runtime = loadRuntime === undefined ? {} : { loadRuntime }
  const reference = await createReference({ bytes, file, output: model.output, ...runtime })
  const program = composeProgram(model.parameters)
  const agreement = await measureAgreement({ program, manifest: model, samples, reference })
  return { model, importer: onnxImporter, agreement }
}
