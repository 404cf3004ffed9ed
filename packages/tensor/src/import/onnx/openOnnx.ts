import { product } from '../dims.ts'
import { ElementsLengthError } from '../errors.ts'
import type { ImportedModel, ModelTensor } from '../ImportedModel.ts'
import { endsOf, typeOf } from './ends.ts'
import { evaluateModel } from './evaluate/evaluateModel.ts'
import { lowerModel } from './lowerModel.ts'
import type { OnnxModel } from './OnnxModel.ts'
import { readModel } from './readModel.ts'
import { traceModel } from './traceModel.ts'
import { hasTrees, openEnsemble } from './trees/openEnsemble.ts'

/** What manifests say of models that were made here; the number grows when the same file gives another program. */
export const onnxImporter = 'onnx-1'

/** A model file that was read. */
export type OnnxFile = {
  input: Pick<ModelTensor, 'name' | 'shape' | 'type'>
  /**
   * Makes a program of the model. Quantised models (QDQ, QLinear) keep their scales and integers; of models in floating
   * point, weights are quantised for each output channel and activations over the ranges that `calibration` shows, inputs
   * in row-major order. What programs do not have throws an `UnsupportedOperatorError` that names it.
   */
  toProgram(calibration?: readonly Float32Array[]): ImportedModel
  /** Computes the output of one input in floating point. */
  evaluate(input: Float32Array): Float32Array
}

/**
 * Reads an ONNX model; throws an `ImportError` where the file is truncated, contradicts itself or is too large.
 *
 * @example
 * const file = openOnnx(await readFile('cnn.onnx'))
 * const model = file.toProgram(samples)
 * const program = composeProgram(model.parameters)
 */
export function openOnnx(bytes: Uint8Array): OnnxFile {
  const model = readModel(bytes)
  return hasTrees(model) ? openEnsemble(model) : openNetwork(model)
}

function openNetwork(model: OnnxModel): OnnxFile {
  const ends = endsOf(model)
  const { input, dims, output } = ends
  const elements = product(dims)

  function needLength(data: Float32Array) {
    if (data.length !== elements) throw new ElementsLengthError(4 * data.length, 4 * elements)
  }

  return {
    input: { name: input.name, shape: dims, type: typeOf(input) },
    toProgram(calibration = []) {
      for (const sample of calibration) needLength(sample)
      // Shapes and constants need one run, of any input.
      const samples = calibration.length > 0 ? calibration : [new Float32Array(elements)]
      const trace = traceModel(model, dims, samples)
      return lowerModel({ model, ends, trace, samples: calibration.length })
    },
    evaluate(data) {
      needLength(data)
      const values = evaluateModel({ model, dims, data, constants: new Map(model.constants) })
      return Float32Array.from(values.get(output.name)?.data ?? [])
    },
  }
}
