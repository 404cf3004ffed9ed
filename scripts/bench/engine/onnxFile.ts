/** A message in protocol-buffer encoding. */
export type Message = Uint8Array<ArrayBuffer>

/** Element types of ONNX tensors. */
export const elementTypes = { float: 1, uint8: 2, int8: 3, int32: 6 } as const
export type ElementType = keyof typeof elementTypes

const encoder = new TextEncoder()

function concat(parts: readonly Uint8Array[]): Message {
  return new Uint8Array(Buffer.concat(parts))
}

function varint(value: number): Uint8Array {
  const bytes: number[] = []
  let rest = value
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128)
  return Uint8Array.of(...bytes, rest)
}

function integer(field: number, value: number): Uint8Array {
  return concat([varint(field * 8), varint(value)])
}

function bytes(field: number, value: Uint8Array | string): Uint8Array {
  const data = typeof value === 'string' ? encoder.encode(value) : value
  return concat([varint(field * 8 + 2), varint(data.length), data])
}

/** An operator by its type; `attributes` are lists of integers, or one integer. */
export type OnnxNode = {
  type: string
  /** Domain of the operator; the standard one if missing. */
  domain?: string
  inputs: readonly string[]
  output: string
  attributes?: Record<string, number | readonly number[]>
}

/** A constant. */
export type OnnxTensor = {
  name: string
  type: ElementType
  dims: readonly number[]
  data: Uint8Array
}

export type OnnxValue = { name: string; type: ElementType; dims: readonly number[] }

function node({ type, domain, inputs, output, attributes = {} }: OnnxNode): Message {
  return concat([
    ...inputs.map((name) => bytes(1, name)),
    bytes(2, output),
    bytes(4, type),
    ...Object.entries(attributes).map(([name, value]) => bytes(5, attribute(name, value))),
    ...(domain === undefined ? [] : [bytes(7, domain)]),
  ])
}

function attribute(name: string, value: number | readonly number[]): Message {
  if (typeof value === 'number') return concat([bytes(1, name), integer(3, value), integer(20, 2)])
  return concat([bytes(1, name), ...value.map((one) => integer(8, one)), integer(20, 7)])
}

function tensor({ name, type, dims, data }: OnnxTensor): Message {
  const shape = dims.map((dim) => integer(1, dim))
  return concat([...shape, integer(2, elementTypes[type]), bytes(8, name), bytes(9, data)])
}

function value({ name, type, dims }: OnnxValue): Message {
  const shape = concat(dims.map((dim) => bytes(1, integer(1, dim))))
  const tensorType = concat([integer(1, elementTypes[type]), bytes(2, shape)])
  return concat([bytes(1, name), bytes(2, bytes(1, tensorType))])
}

export type OnnxModel = {
  nodes: readonly OnnxNode[]
  constants: readonly OnnxTensor[]
  input: OnnxValue
  output: OnnxValue
}

/** Encodes a model as an ONNX file. */
export function encodeModel({ nodes, constants, input, output }: OnnxModel): Message {
  const graph = concat([
    ...nodes.map((one) => bytes(1, node(one))),
    bytes(2, 'graph'),
    ...constants.map((one) => bytes(5, tensor(one))),
    bytes(11, value(input)),
    bytes(12, value(output)),
  ])
  const opset = (domain: string, version: number) =>
    bytes(8, concat([bytes(1, domain), integer(2, version)]))
  return concat([integer(1, 8), bytes(7, graph), opset('', 13), opset('com.microsoft', 1)])
}
