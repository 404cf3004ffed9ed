import { ModelFileError, UnsupportedModelError } from '../errors.ts'
import type { TfliteModel, TfliteOperator, TfliteTensor } from './TfliteModel.ts'

/** An end of the model: what a caller sees, and where the program begins or ends. */
export type Edge = {
  /** What a caller gives or gets. */
  outer: TfliteTensor
  /** The tensor of 8-bit elements at which the program begins or ends; the outer one unless that has floats. */
  tensor: TfliteTensor
  /** The operator between the two. */
  operator: TfliteOperator | undefined
  /** What a program's bytes stand for, as int8. */
  quantised: { scale: number; zeroPoint: number }
}

/** Finds the input of a model; one of floats must be quantised, once, before anything else reads it. */
export function inputEdge(model: TfliteModel): Edge {
  const outer = onlyOne(model, model.inputs, 'inputs')
  if (outer.data !== undefined) throw new ModelFileError('input', 'is a constant')
  if (outer.type !== 'FLOAT32') return { ...edge('input', outer), outer, operator: undefined }
  const readers = model.operators.filter(({ inputs }) => inputs.includes(outer.index))
  const [operator] = readers
  if (readers.length !== 1 || operator?.name !== 'QUANTIZE') {
    const found = `FLOAT32, read by ${readers.map(({ name }) => name).join(', ') || 'nothing'}`
    throw new UnsupportedModelError('input', found, '8-bit, or FLOAT32 read by one QUANTIZE')
  }
  return { ...edge('input', beside(model, outer, operator.outputs)), outer, operator }
}

/** Finds the output of a model; one of floats must come from a DEQUANTIZE. */
export function outputEdge(model: TfliteModel): Edge {
  const outer = onlyOne(model, model.outputs, 'outputs')
  if (outer.type !== 'FLOAT32') return { ...edge('output', outer), outer, operator: undefined }
  const operator = model.operators.find(({ outputs }) => outputs.includes(outer.index))
  if (operator?.name !== 'DEQUANTIZE') {
    const found = `FLOAT32, made by ${operator?.name ?? 'nothing'}`
    throw new UnsupportedModelError('output', found, '8-bit, or FLOAT32 made by DEQUANTIZE')
  }
  return { ...edge('output', beside(model, outer, operator.inputs)), outer, operator }
}

function onlyOne(model: TfliteModel, indices: readonly number[], role: string): TfliteTensor {
  const tensor = model.tensors[indices[0] ?? -1]
  if (tensor === undefined || indices.length !== 1) {
    throw new UnsupportedModelError(role, String(indices.length), '1')
  }
  return tensor
}

/** Returns the tensor on the other side of an operator, which has the same shape. */
function beside(model: TfliteModel, outer: TfliteTensor, indices: readonly number[]) {
  const tensor = model.tensors[indices[0] ?? -1]
  if (tensor === undefined || indices.length !== 1 || tensor.dims.join() !== outer.dims.join()) {
    throw new ModelFileError(`tensor ${outer.index}`, 'has no counterpart of its shape')
  }
  return tensor
}

function edge(role: string, tensor: TfliteTensor): Pick<Edge, 'tensor' | 'quantised'> {
  const { type, quantisation } = tensor
  // The bytes of uint8 are those of the program; its zero point counts from another end.
  const offset = type === 'UINT8' ? 128 : 0
  if (type !== 'INT8' && type !== 'UINT8') {
    throw new UnsupportedModelError(role, type, 'INT8, UINT8, or FLOAT32 that is quantised')
  }
  if (quantisation?.scales.length !== 1) {
    const found = `${quantisation?.scales.length ?? 0} scales`
    throw new UnsupportedModelError(`${role}'s quantisation`, found, '1 scale')
  }
  const [scale, zeroPoint] = [quantisation.scales[0]!, quantisation.zeroPoints[0]! - offset]
  if (!(scale > 0) || !Number.isFinite(scale) || zeroPoint < -128 || zeroPoint > 127) {
    const found = `scale ${scale} and zero point ${zeroPoint}`
    throw new UnsupportedModelError(`${role}'s quantisation`, found, 'a positive scale, 8 bits')
  }
  return { tensor, quantised: { scale, zeroPoint } }
}
