import { ElementsLengthError, ModelFileError, UnsupportedModelError } from '../errors.ts'
import type { ElementType, ImportedModel, ModelOperator, ModelTensor } from '../ImportedModel.ts'
import { createBuilder, naturalOrder, type Value } from './lower/Builder.ts'
import { createLowering } from './lower/createLowering.ts'
import { rowMajor } from './lower/layout.ts'
import { lowerings } from './lower/lowerings.ts'
import { refuse } from './node.ts'
import type { OnnxModel, OnnxValue } from './OnnxModel.ts'
import { readModel } from './readModel.ts'
import { sizeOf } from './Tensor.ts'
import { traceModel } from './traceModel.ts'

/** What manifests say of models that were made here; the number grows when the same file gives another program. */
export const onnxImporter = 'onnx-1'

export type ImportOnnxOptions = {
  /** Inputs in row-major order whose activations set the ranges; needed where the model is not quantised. */
  calibration?: readonly Float32Array[]
}

/**
 * Makes a program of an ONNX model. Quantised models (QDQ) keep their scales and integers; of models in floating point,
 * weights are quantised for each output channel and activations over the ranges that `calibration` shows. What programs do
 * not have throws an `UnsupportedOperatorError` that names it, and a file that is truncated or contradicts itself a
 * `ModelFileError`; both are `ImportError`.
 *
 * @example
 * const model = importOnnx(await readFile('cnn.onnx'), { calibration: samples })
 * const program = composeProgram(model.parameters)
 */
export function importOnnx(bytes: Uint8Array, options: ImportOnnxOptions = {}): ImportedModel {
  const { calibration = [] } = options
  const model = readModel(bytes)
  const { input, dims, output } = endsOf(model)
  const wrong = calibration.find((sample) => sample.length !== sizeOf(dims))
  if (wrong !== undefined) throw new ElementsLengthError(4 * wrong.length, 4 * sizeOf(dims))
  const isCalibrated = calibration.length > 0
  const trace = traceModel(model, isCalibrated ? calibration : [new Float32Array(sizeOf(dims))])

  const { order, split } = naturalOrder(dims)
  const shape = { rows: sizeOf(dims.slice(0, split)), rowBytes: sizeOf(dims.slice(split)) }
  const builder = createBuilder(shape)
  const { lowering, taken, values } = createLowering({ model, trace, builder, isCalibrated })
  const isFloat = input.type === 'FLOAT'
  const first = model.nodes[0]
  if (first === undefined) throw new UnsupportedModelError('nodes', '0', '1 or more')
  const quantisation = isFloat
    ? lowering.targetOf(first, input.name)
    : { scale: 1, zero: input.type === 'INT8' ? 128 : 0 }
  const start: Value = { tensor: 0, ...shape, dims, layout: rowMajor(dims), quantisation }
  lowering.place(input.name, start)

  const operators: ModelOperator[] = []
  for (const node of model.nodes) {
    const [name = ''] = node.outputs
    if (trace.get(name)?.constant !== undefined || taken.has(node)) continue
    const lower = Object.hasOwn(lowerings, node.operator) ? lowerings[node.operator] : undefined
    if (lower === undefined) {
      return refuse(
        node,
        'it',
        'of a kind that programs do not compute',
        Object.keys(lowerings).join(', '),
      )
    }
    const before = new Set(values.keys())
    lower(node, lowering)
    const placed = [...values].find(([each]) => !before.has(each))
    if (placed === undefined) continue
    const [, { tensor, dims: made }] = placed
    operators.push({
      index: node.index,
      operator: node.operator,
      shape: made,
      type: 'INT8',
      tensor,
    })
  }

  const last = lowering.read(output.name)
  const end = endWith(
    builder,
    builder.arrange(last, naturalOrder(last.dims).order, Math.max(last.dims.length - 1, 0)),
  )
  return {
    input: describe(input, dims, start),
    output: describe(output, last.dims, end),
    operators,
    parameters: { input: shape, layers: builder.layers },
  }
}

/** The output of a program is its last tensor. */
function endWith(builder: ReturnType<typeof createBuilder>, value: Value): Value {
  if (value.tensor === builder.layers.length && value.tensor > 0) return value
  const length = value.rows * value.rowBytes
  const pieces = [{ source: value.tensor, base: 0, axes: [{ low: 0, high: length, stride: 1 }] }]
  const { rows, rowBytes } = value
  const tensor = builder.add(
    { kind: 'move', rows, rowBytes, fill: 0, dims: [length], pieces },
    value,
  )
  return { ...value, tensor }
}

function endsOf(model: OnnxModel) {
  const [input] = model.inputs
  const [output] = model.outputs
  if (input === undefined || model.inputs.length !== 1) {
    throw new UnsupportedModelError('inputs', String(model.inputs.length), '1')
  }
  if (output === undefined || model.outputs.length !== 1) {
    throw new UnsupportedModelError('outputs', String(model.outputs.length), '1')
  }
  if (!['FLOAT', 'INT8', 'UINT8'].includes(input.type)) {
    throw new UnsupportedModelError('input', input.type, 'FLOAT, INT8 or UINT8')
  }
  const dims = input.dims?.map((dim) => {
    if (dim === undefined)
      throw new UnsupportedModelError('input', 'open dimensions', 'fixed ones after the batch')
    return dim
  })
  if (dims === undefined) throw new ModelFileError('input', 'has no shape')
  return { input, dims, output }
}

function describe({ name, type }: OnnxValue, shape: readonly number[], value: Value): ModelTensor {
  const { scale, zero } = value.quantisation
  const types: Record<string, ElementType> = { FLOAT: 'FLOAT32', INT8: 'INT8', UINT8: 'UINT8' }
  return { name, shape, type: types[type] ?? 'FLOAT32', scale, zeroPoint: zero - 128 }
}
