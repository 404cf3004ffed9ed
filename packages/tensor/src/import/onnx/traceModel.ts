import { evaluateModel } from './evaluate/evaluateModel.ts'
import type { OnnxModel } from './OnnxModel.ts'
import type { Tensor } from './Tensor.ts'

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
export function traceModel(
  model: OnnxModel,
  dims: readonly number[],
  samples: readonly Float32Array[],
): Trace {
  const traced = new Map<string, Traced>()
  const constants = new Map(model.constants)
  for (const data of samples) {
    const values = evaluateModel({ model, dims, data, constants })
    for (const [name, value] of values) {
      const known = traced.get(name)
      const { min, max } = rangeOf(value)
      const range = { min: Math.min(min, known?.min ?? min), max: Math.max(max, known?.max ?? max) }
      traced.set(name, { dims: value.dims, type: value.type, constant: undefined, ...range })
    }
  }
  for (const [name, constant] of constants) {
    const { dims, type } = constant
    traced.set(name, { dims, type, constant, ...rangeOf(constant) })
  }
  return traced
}

function rangeOf({ data }: Tensor) {
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const element of data) {
    min = Math.min(min, element)
    max = Math.max(max, element)
  }
  return { min, max }
}
