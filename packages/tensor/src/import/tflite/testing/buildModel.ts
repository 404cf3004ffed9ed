import { Builder } from 'flatbuffers'

import {
  Buffer,
  Model,
  Operator,
  OperatorCode,
  QuantizationParameters,
  SubGraph,
  Tensor,
} from '../generated/tflite_generated.ts'

/** Numbers of the element types that tests use. */
export const types = { FLOAT32: 0, INT32: 2, UINT8: 3, INT16: 7, INT8: 9, INT4: 17 } as const

/** A tensor to write. */
export type TensorSpec = {
  shape: readonly number[]
  /** INT8 if left out. */
  type?: keyof typeof types
  /** One scale and zero point, or lists of them. Without scales there is no quantisation. */
  scale?: number | readonly number[]
  zeroPoint?: number | readonly number[]
  axis?: number
  /** Elements of a constant, in the tensor's type. */
  data?: readonly number[]
  /** Number of a buffer, instead of one for `data`. */
  buffer?: number
  isVariable?: boolean
}

/** An operator to write. */
export type OperatorSpec = {
  /** Number of the builtin operator. */
  code: number
  inputs: readonly number[]
  outputs: readonly number[]
  /** Number of the option table in the union, and what writes it. */
  options?: readonly [type: number, write: (builder: Builder) => number]
  /** Name of a custom operator. */
  custom?: string
}

/** A model to write. */
export type ModelSpec = {
  tensors: readonly TensorSpec[]
  operators: readonly OperatorSpec[]
  inputs?: readonly number[]
  outputs?: readonly number[]
  version?: number
  identifier?: string
}

/** Writes a model file; nothing is checked, so tests can write what no converter would. */
export function buildModel(spec: ModelSpec): Uint8Array {
  const builder = new Builder(1_024)
  const data: Uint8Array[] = [new Uint8Array(0)]
  const tensors = spec.tensors.map((tensor) => writeTensor(builder, tensor, data))
  const codes = spec.operators.map(({ code, custom }) => writeCode(builder, code, custom))
  const operators = spec.operators.map((operator, i) => writeOperator(builder, operator, i))
  const buffers = data.map((bytes) => writeBuffer(builder, bytes))

  const tensorList = SubGraph.createTensorsVector(builder, tensors)
  const operatorList = SubGraph.createOperatorsVector(builder, operators)
  const inputs = SubGraph.createInputsVector(builder, [...(spec.inputs ?? [0])])
  const outputs = SubGraph.createOutputsVector(builder, [
    ...(spec.outputs ?? [spec.tensors.length - 1]),
  ])
  SubGraph.startSubGraph(builder)
  SubGraph.addTensors(builder, tensorList)
  SubGraph.addInputs(builder, inputs)
  SubGraph.addOutputs(builder, outputs)
  SubGraph.addOperators(builder, operatorList)
  const graphs = Model.createSubgraphsVector(builder, [SubGraph.endSubGraph(builder)])
  const codeList = Model.createOperatorCodesVector(builder, codes)
  const bufferList = Model.createBuffersVector(builder, buffers)
  Model.startModel(builder)
  Model.addVersion(builder, spec.version ?? 3)
  Model.addOperatorCodes(builder, codeList)
  Model.addSubgraphs(builder, graphs)
  Model.addBuffers(builder, bufferList)
  builder.finish(Model.endModel(builder), spec.identifier ?? 'TFL3')
  return builder.asUint8Array()
}

function writeTensor(builder: Builder, tensor: TensorSpec, data: Uint8Array[]) {
  const { shape, type = 'INT8', buffer, isVariable = false } = tensor
  if (tensor.data !== undefined) data.push(pack(tensor.data, type))
  const dims = Tensor.createShapeVector(builder, [...shape])
  const quantization = writeQuantisation(builder, tensor)
  const name = builder.createString(`tensor of ${type}`)
  Tensor.startTensor(builder)
  Tensor.addShape(builder, dims)
  Tensor.addType(builder, types[type])
  Tensor.addBuffer(builder, buffer ?? (tensor.data === undefined ? 0 : data.length - 1))
  Tensor.addName(builder, name)
  if (quantization !== undefined) Tensor.addQuantization(builder, quantization)
  Tensor.addIsVariable(builder, isVariable)
  return Tensor.endTensor(builder)
}

function writeQuantisation(builder: Builder, { scale, zeroPoint = 0, axis = 0 }: TensorSpec) {
  if (scale === undefined) return undefined
  const scales = [scale].flat()
  const points = scales.map((_, i) => BigInt([zeroPoint].flat()[i] ?? [zeroPoint].flat()[0]!))
  const scaleList = QuantizationParameters.createScaleVector(builder, scales)
  const pointList = QuantizationParameters.createZeroPointVector(builder, points)
  QuantizationParameters.startQuantizationParameters(builder)
  QuantizationParameters.addScale(builder, scaleList)
  QuantizationParameters.addZeroPoint(builder, pointList)
  QuantizationParameters.addQuantizedDimension(builder, axis)
  return QuantizationParameters.endQuantizationParameters(builder)
}

function writeCode(builder: Builder, code: number, custom: string | undefined) {
  const name = custom === undefined ? 0 : builder.createString(custom)
  OperatorCode.startOperatorCode(builder)
  OperatorCode.addDeprecatedBuiltinCode(builder, Math.min(code, 127))
  if (custom !== undefined) OperatorCode.addCustomCode(builder, name)
  OperatorCode.addBuiltinCode(builder, code)
  return OperatorCode.endOperatorCode(builder)
}

function writeOperator(builder: Builder, operator: OperatorSpec, index: number) {
  const inputs = Operator.createInputsVector(builder, [...operator.inputs])
  const outputs = Operator.createOutputsVector(builder, [...operator.outputs])
  const [type, write] = operator.options ?? [0, undefined]
  const options = write?.(builder)
  Operator.startOperator(builder)
  Operator.addOpcodeIndex(builder, index)
  Operator.addInputs(builder, inputs)
  Operator.addOutputs(builder, outputs)
  Operator.addBuiltinOptionsType(builder, type)
  if (options !== undefined) Operator.addBuiltinOptions(builder, options)
  return Operator.endOperator(builder)
}

function writeBuffer(builder: Builder, bytes: Uint8Array) {
  const data = Buffer.createDataVector(builder, bytes)
  Buffer.startBuffer(builder)
  Buffer.addData(builder, data)
  return Buffer.endBuffer(builder)
}

function pack(values: readonly number[], type: keyof typeof types): Uint8Array {
  const wide = type === 'INT32' || type === 'FLOAT32'
  const view = new DataView(new ArrayBuffer(values.length * (wide ? 4 : 1)))
  for (const [i, value] of values.entries()) {
    if (type === 'INT32') view.setInt32(4 * i, value, true)
    else if (type === 'FLOAT32') view.setFloat32(4 * i, value, true)
    else view.setUint8(i, value & 0xff)
  }
  return new Uint8Array(view.buffer)
}
