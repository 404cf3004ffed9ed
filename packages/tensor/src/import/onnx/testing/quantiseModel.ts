import { quantisationOf } from '../../../quantise/Quantisation.ts'
import { integerOf, integersOf } from '../node.ts'
import type { OnnxNode } from '../OnnxModel.ts'
import { readModel } from '../readModel.ts'
import type { Tensor } from '../Tensor.ts'
import { type Trace, traceModel } from '../traceModel.ts'
import { buildModel, type ConstantSpec, type NodeSpec } from './buildModel.ts'

/**
 * Writes a network of Conv, Gemm with transposed weights, Relu, MaxPool and Flatten with QuantizeLinear and DequantizeLinear
 * around every operator, as onnxruntime's static quantisation does: uint8 activations over the ranges of `samples`, int8
 * weights with a scale for each output, int32 biases.
 */
export function quantiseModel(bytes: Uint8Array, samples: readonly Float32Array[]): Uint8Array {
  const model = readModel(bytes)
  const [input, output] = [model.inputs[0]!, model.outputs[0]!]
  const dims = input.dims!.map((dim) => dim!)
  const trace = traceModel(model, dims, samples)
  const constants: Record<string, ConstantSpec> = {}
  const nodes: NodeSpec[] = []
  const linear = (operator: string, inputs: string[], to: string, axis?: number) =>
    nodes.push({ operator, inputs, outputs: [to], attributes: axis === undefined ? {} : { axis } })

  /** Adds the pair behind a value; a Relu's input shares the range of its output. */
  function quantise(name: string, real: string, isLast = false) {
    const { scale, zero } = codingOf(trace, name)
    constants[`${name}/s`] = { dims: [], floats: [scale] }
    constants[`${name}/z`] = { dims: [], uint8: [zero] }
    const code = [`${name}/s`, `${name}/z`]
    linear('QuantizeLinear', [real, ...code], `${name}/q`)
    linear('DequantizeLinear', [`${name}/q`, ...code], isLast ? name : `${name}/r`)
  }

  quantise(input.name, input.name)
  for (const node of model.nodes) {
    const [to = ''] = node.outputs
    const follower = model.nodes.find(({ inputs }) => inputs[0] === to)
    const isFused = follower?.operator === 'Relu'
    const [from = '', weights, bias] = node.inputs
    const reals = [node.operator === 'Relu' ? `${from}/raw` : `${from}/r`]
    if (weights !== undefined) {
      const scale = codingOf(trace, from).scale
      Object.assign(constants, storedWeights(model.constants, { weights, bias: bias!, scale }))
      linear('DequantizeLinear', [weights, `${weights}/s`, `${weights}/z`], `${weights}/r`, 0)
      linear('DequantizeLinear', [bias!, `${bias}/s`], `${bias}/r`, 0)
      reals.push(`${weights}/r`, `${bias}/r`)
    }
    const real = `${to}/raw`
    nodes.push({
      operator: node.operator,
      inputs: reals,
      outputs: [real],
      attributes: copied(node),
    })
    if (!isFused) quantise(to, real, to === output.name)
  }
  return buildModel({
    inputs: [{ name: input.name, dims }],
    outputs: [output].map(nameOf),
    nodes,
    constants,
    version: 13,
  })
}

function nameOf({ name }: { name: string }) {
  return { name }
}

function codingOf(trace: Trace, name: string) {
  const { min, max } = trace.get(name)!
  return quantisationOf(min, max)
}

function copied(node: OnnxNode): NonNullable<NodeSpec['attributes']> {
  if (node.operator === 'Gemm') return { transB: integerOf(node, 'transB', 0) }
  const names = ['kernel_shape', 'strides', 'pads', 'dilations']
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = node.operator === 'Flatten' ? undefined : integersOf(node, name)
      return value === undefined ? [] : [[name, value]]
    }),
  )
}

type Stored = { weights: string; bias: string; scale: number }

function storedWeights(
  constants: ReadonlyMap<string, Tensor>,
  { weights, bias, scale }: Stored,
): Record<string, ConstantSpec> {
  const { dims, data } = constants.get(weights)!
  const outputs = dims[0]!
  const size = data.length / outputs
  const scales = Array.from({ length: outputs }, (_, o) => {
    const largest = Math.max(...data.slice(o * size, (o + 1) * size).map(Math.abs))
    return Math.fround(largest / 127)
  })
  const units = scales.map((each) => Math.fround(each * scale))
  const biases = Array.from(constants.get(bias)!.data, (each, o) => Math.round(each / units[o]!))
  return {
    [weights]: {
      dims,
      int8: Array.from(data, (w, i) => Math.round(w / scales[Math.floor(i / size)]!)),
    },
    [`${weights}/s`]: { dims: [outputs], floats: scales },
    [`${weights}/z`]: { dims: [outputs], int8: scales.map(() => 0) },
    [bias]: { dims: [outputs], int32: biases },
    [`${bias}/s`]: { dims: [outputs], floats: units },
  }
}
