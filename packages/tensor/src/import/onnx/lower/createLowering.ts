import { type Quantisation, quantisationOf } from '../../../quantise/Quantisation.ts'
import { ModelFileError } from '../../errors.ts'
import { boundsOf } from '../clip.ts'
import { normalisationOf } from '../evaluate/evaluateElements.ts'
import { refuse } from '../node.ts'
import type { OnnxModel, OnnxNode } from '../OnnxModel.ts'
import { sizeOf } from '../Tensor.ts'
import type { Trace } from '../traceModel.ts'
import type { Builder, Value } from './Builder.ts'
import type { Lowering, Tail, TailParameters } from './Lowering.ts'
import { storedQuantisation } from './lowerings.ts'

export type CreateLoweringParameters = {
  model: OnnxModel
  trace: Trace
  builder: Builder
  /** Whether the trace is of samples, so that its ranges mean something. */
  isCalibrated: boolean
}

/** Starts the lowering of a model; `taken` are the nodes that others have taken up. */
export function createLowering(parameters: CreateLoweringParameters) {
  const { model, trace, builder, isCalibrated } = parameters
  const values = new Map<string, Value>()
  const taken = new Set<OnnxNode>()
  const readers = readersOf(model)
  const constantOf = (name: string) => trace.get(name)?.constant
  const dimsOf = (name: string) => trace.get(name)?.dims ?? []

  function targetOf(node: OnnxNode, name: string, otherwise?: Quantisation): Quantisation {
    const quantise = readers.get(name)?.find(({ operator }) => operator === 'QuantizeLinear')
    if (quantise !== undefined) return storedQuantisation(quantise, { constantOf, dimsOf })
    if (otherwise !== undefined) return otherwise
    const { min, max } = trace.get(name)!
    if (!isCalibrated)
      return refuse(
        node,
        `range of ${name}`,
        'not known',
        'quantised, or measured with calibration samples',
      )
    if (!Number.isFinite(min) || !Number.isFinite(max))
      return refuse(node, `range of ${name}`, `${min} to ${max}`, 'finite')
    return quantisationOf(min, max)
  }

  /** The one node that reads a value, if nothing else does. */
  function onlyReader(name: string) {
    const all = readers.get(name) ?? []
    const isOutput = model.outputs.some((output) => output.name === name)
    return all.length === 1 && !isOutput && all[0]!.inputs[0] === name ? all[0]! : undefined
  }

  function takeTail(node: OnnxNode, { channels }: TailParameters = {}): Tail {
    const count = channels?.count ?? 1
    const [scale, shift] = [new Float64Array(count).fill(1), new Float64Array(count)]
    const range = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY }
    let name = node.outputs[0]!
    for (;;) {
      const next = onlyReader(name)
      if (next === undefined) break
      if (next.operator === 'Relu' || next.operator === 'Clip') {
        const inputs = next.inputs.map(constantOf)
        if (next.inputs.slice(1).some((each, i) => each !== '' && inputs[i + 1] === undefined))
          break
        const bounds = boundsOf(next, inputs)
        range.low = Math.min(Math.max(range.low, bounds.low), bounds.high)
        range.high = Math.max(Math.min(range.high, bounds.high), bounds.low)
      } else {
        const isBounded =
          range.low !== Number.NEGATIVE_INFINITY || range.high !== Number.POSITIVE_INFINITY
        const affine = channels && !isBounded ? affineOf(next, channels) : undefined
        if (affine === undefined) break
        for (let c = 0; c < count; c += 1) {
          scale[c] = scale[c]! * affine.scale(c)
          shift[c] = shift[c]! * affine.scale(c) + affine.shift(c)
        }
      }
      taken.add(next)
      name = next.outputs[0]!
    }
    return { name, scale, shift, ...range, quantisation: targetOf(node, name) }
  }

  /** What a node does to each channel, if that is all it does; weights that are integers take no factor. */
  function affineOf(
    node: OnnxNode,
    { count, axis, isFixed }: NonNullable<TailParameters['channels']>,
  ) {
    if (node.operator === 'BatchNormalization' && axis === 1 && !isFixed) {
      const { scale, shift } = normalisationOf(node, node.inputs.map(constantOf))
      return { scale: (c: number) => scale[c]!, shift: (c: number) => shift[c]! }
    }
    if (node.operator !== 'Add' && (node.operator !== 'Mul' || isFixed)) return undefined
    const constant = constantOf(node.inputs[1] ?? '')
    const dims = dimsOf(node.outputs[0]!)
    if (constant === undefined || sizeOf(dims) !== sizeOf(dimsOf(node.inputs[0]!))) return undefined
    const fromEnd = dims.length - axis
    const along = constant.dims.at(-fromEnd) ?? 1
    if (constant.data.length !== 1 && (constant.data.length !== count || along !== count))
      return undefined
    const at = (c: number) => constant.data[c % constant.data.length]!
    return node.operator === 'Add' ? { scale: () => 1, shift: at } : { scale: at, shift: () => 0 }
  }

  const lowering: Lowering = {
    builder,
    constantOf,
    dimsOf,
    targetOf,
    takeTail,
    read(name) {
      const value = values.get(name)
      if (value === undefined) throw new ModelFileError(`value ${name}`, 'is not computed')
      return value
    },
    place(name, value) {
      values.set(name, value)
    },
  }
  return { lowering, taken, values }
}

function readersOf({ nodes }: OnnxModel) {
  const readers = new Map<string, OnnxNode[]>()
  for (const node of nodes) {
    for (const input of new Set(node.inputs)) {
      const list = readers.get(input) ?? []
      list.push(node)
      readers.set(input, list)
    }
  }
  return readers
}
