import { product } from '../dims.ts'
import { UnsupportedModelError } from '../errors.ts'
import { evaluators } from './evaluate/evaluators.ts'
import { limits, needWithin } from './limits.ts'
import { refuse, tensorOf } from './node.ts'
import type { OnnxModel, OnnxNode } from './OnnxModel.ts'
import { readTensor } from './readTensor.ts'
import { floats, type Tensor } from './Tensor.ts'

/** What is known of a value of a model after it was run. */
export type Traced = {
  dims: readonly number[]
  type: string
  /** Where it is the same for every input. */
  constant: Tensor | undefined
  /** Least and greatest element over all samples. */
  min: number
  max: number
}

export type Trace = ReadonlyMap<string, Traced>

/** Runs a model in floating point on each sample; finds shapes, constants and ranges. */
export function traceModel(model: OnnxModel, samples: readonly Float32Array[]): Trace {
  const traced = new Map<string, Traced>()
  for (const [name, constant] of model.constants) traced.set(name, record(constant, constant))
  const [input] = model.inputs
  const dims = (input!.dims ?? []).map((dim) => dim ?? 0)
  for (const data of samples) {
    const values = new Map<string, Tensor>([
      [input!.name, { ...floats(dims, data), type: input!.type }],
    ])
    widen(traced, input!.name, values.get(input!.name)!)
    let elements = product(dims)
    for (const node of model.nodes) {
      const [output = ''] = node.outputs
      if (traced.get(output)?.constant !== undefined) continue
      const inputs = node.inputs.map((name) => traced.get(name)?.constant ?? values.get(name))
      const value = evaluate(node, inputs)
      elements += value.data.length
      needWithin('elements of activations', elements, limits.activations)
      const isConstant =
        node.operator === 'Shape' ||
        node.inputs.every((name) => name === '' || traced.get(name)?.constant !== undefined)
      if (isConstant) traced.set(output, record(value, value))
      else {
        values.set(output, value)
        widen(traced, output, value)
      }
    }
  }
  return traced
}

function evaluate(node: OnnxNode, inputs: readonly (Tensor | undefined)[]): Tensor {
  if (node.operator === 'Constant') {
    const tensor = tensorOf(node, 'value')
    if (tensor === undefined)
      return refuse(node, 'its attribute', [...node.attributes.keys()].join(), 'value')
    return readTensor(tensor, `node ${node.name}`)
  }
  const evaluator = Object.hasOwn(evaluators, node.operator) ? evaluators[node.operator] : undefined
  if (evaluator === undefined) {
    const supported = Object.keys(evaluators).join(', ')
    return refuse(node, 'it', 'of a kind that programs do not have', supported)
  }
  const value = evaluator(node, inputs)
  if (value.data.length === 0) {
    throw new UnsupportedModelError(`node ${node.name}`, 'a tensor without elements', 'elements')
  }
  return value
}

function record({ dims, type, data }: Tensor, constant?: Tensor): Traced {
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const element of data) {
    min = Math.min(min, element)
    max = Math.max(max, element)
  }
  return { dims, type, constant, min, max }
}

function widen(traced: Map<string, Traced>, name: string, value: Tensor) {
  const next = record(value)
  const known = traced.get(name)
  traced.set(name, {
    ...next,
    min: Math.min(next.min, known?.min ?? next.min),
    max: Math.max(next.max, known?.max ?? next.max),
  })
}
