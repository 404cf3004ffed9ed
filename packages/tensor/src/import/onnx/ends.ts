import { ModelFileError, UnsupportedModelError } from '../errors.ts'
import type { ElementType, ModelTensor } from '../ImportedModel.ts'
import type { Coding, Value } from './Graph.ts'
import type { Lowering } from './lower/Lowering.ts'
import type { OnnxModel, OnnxValue } from './OnnxModel.ts'

/** Input and output of a model. */
export type ModelEnds = {
  input: OnnxValue
  /** Shape of the input. */
  dims: readonly number[]
  output: OnnxValue
}

/** Names of element types in manifests. */
const types: Record<string, ElementType> = { FLOAT: 'FLOAT32', INT8: 'INT8', UINT8: 'UINT8' }

/** Finds the one input and the one output of a model. */
export function endsOf({ inputs, outputs }: OnnxModel): ModelEnds {
  const [input] = inputs
  const [output] = outputs
  if (input === undefined || inputs.length !== 1) {
    throw new UnsupportedModelError('inputs', String(inputs.length), '1')
  }
  if (output === undefined || outputs.length !== 1) {
    throw new UnsupportedModelError('outputs', String(outputs.length), '1')
  }
  needType('input', input)
  needType('output', output)
  return { input, dims: dimsOf(input), output }
}

function needType(role: string, { type }: OnnxValue) {
  if (!Object.hasOwn(types, type)) {
    throw new UnsupportedModelError(role, type, Object.keys(types).join(', '))
  }
}

/** Names the element type of an end as manifests do. */
export function typeOf({ type }: OnnxValue): ElementType {
  return types[type]!
}

/** Returns the shape of an input, of which only the batch may be open. */
export function dimsOf({ name, dims }: OnnxValue): readonly number[] {
  if (dims === undefined) throw new ModelFileError(`input ${name}`, 'has no shape')
  return dims.map((dim) => {
    if (dim !== undefined) return dim
    throw new UnsupportedModelError('input', 'open dimensions', 'fixed ones after the batch')
  })
}

/** Returns what the bytes of the input stand for; integers stand for themselves until a DequantizeLinear says otherwise. */
export function inputCoding(model: OnnxModel, { input }: ModelEnds, lowering: Lowering): Coding {
  if (input.type !== 'FLOAT') {
    return { scale: 1, zero: input.type === 'INT8' ? 128 : 0, isStored: true }
  }
  const [first] = model.nodes
  if (first === undefined) throw new UnsupportedModelError('nodes', '0', '1 or more')
  return lowering.targetOf(first, input.name)
}

/** Describes an end of the model, whose elements are quantised as QuantizeLinear does. */
export function describe(end: OnnxValue, { dims, coding }: Value): ModelTensor {
  const { scale, zero } = coding
  const element = typeOf(end)
  const ties = element === 'FLOAT32' ? { ties: 'even' as const } : {}
  return { name: end.name, shape: dims, type: element, scale, zeroPoint: zero - 128, ...ties }
}
