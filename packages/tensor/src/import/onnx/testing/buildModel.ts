import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf'

import { product } from '../../dims.ts'
import {
  type AttributeProtoSchema,
  ModelProtoSchema,
  type NodeProtoSchema,
  type TensorProtoSchema,
} from '../generated/onnx_pb.ts'

/** Elements of a constant, by the type that the format has for them. */
export type ConstantSpec =
  | { dims: readonly number[]; floats: readonly number[] }
  | { dims: readonly number[]; int8: readonly number[] }
  | { dims: readonly number[]; uint8: readonly number[] }
  | { dims: readonly number[]; int32: readonly number[] }
  | { dims: readonly number[]; int64: readonly number[] }

export type AttributeSpec =
  | number
  | { float: number }
  | string
  | readonly (number | string)[]
  | { floats: readonly number[] }

export type NodeSpec = {
  operator: string
  domain?: string
  name?: string
  inputs: readonly string[]
  outputs: readonly string[]
  attributes?: Record<string, AttributeSpec>
}

export type EndSpec = {
  name: string
  /** Left out of the file if missing. */
  dims?: readonly (number | string)[]
  /** Number of the element type; floats if missing. */
  type?: number
}

export type ModelSpec = {
  inputs: readonly EndSpec[]
  outputs: readonly EndSpec[]
  nodes: readonly NodeSpec[]
  constants?: Record<string, ConstantSpec>
  /** Version of the standard operators; 17 if missing. */
  version?: number
}

/** Numbers of element types. */
export const elementTypes = { float: 1, uint8: 2, int8: 3, int32: 6, int64: 7 } as const

/** Encodes a model in the ONNX format. */
export function buildModel(spec: ModelSpec): Uint8Array {
  const { inputs, outputs, nodes, constants = {}, version = 17 } = spec
  const graph = {
    name: 'graph',
    input: inputs.map(endOf),
    output: outputs.map(endOf),
    node: nodes.map(nodeOf),
    initializer: Object.entries(constants).map(([name, constant]) => constantOf(name, constant)),
  }
  const opsetImport = [
    { domain: '', version: BigInt(version) },
    { domain: 'ai.onnx.ml', version: 3n },
    { domain: 'com.microsoft', version: 1n },
  ]
  return toBinary(ModelProtoSchema, create(ModelProtoSchema, { irVersion: 8n, opsetImport, graph }))
}

function endOf({ name, dims, type = elementTypes.float }: EndSpec) {
  const dim = dims?.map((size) =>
    typeof size === 'number' ? { dimValue: BigInt(size) } : { dimParam: size },
  )
  return { name, type: { tensorType: { elemType: type, ...(dim && { shape: { dim } }) } } }
}

function nodeOf(spec: NodeSpec): MessageInitShape<typeof NodeProtoSchema> {
  const { operator, domain = '', name = '', inputs, outputs, attributes = {} } = spec
  return {
    ...{ opType: operator, domain, name, input: [...inputs], output: [...outputs] },
    attribute: Object.entries(attributes).map(([key, value]) => attributeOf(key, value)),
  }
}

function attributeOf(
  name: string,
  value: AttributeSpec,
): MessageInitShape<typeof AttributeProtoSchema> {
  const encoder = new TextEncoder()
  if (typeof value === 'number') return { name, type: 2, i: BigInt(value) }
  if (typeof value === 'string') return { name, type: 3, s: encoder.encode(value) }
  if ('float' in value) return { name, type: 1, f: value.float }
  if ('floats' in value) return { name, type: 6, floats: [...value.floats] }
  const texts = value.filter((each) => typeof each === 'string')
  if (texts.length > 0) return { name, type: 8, strings: texts.map((text) => encoder.encode(text)) }
  return { name, type: 7, ints: value.map((each) => BigInt(each)) }
}

/** Encodes a constant. */
export function constantOf(
  name: string,
  spec: ConstantSpec,
): MessageInitShape<typeof TensorProtoSchema> {
  const dims = spec.dims.map(BigInt)
  const rest = { name, dims }
  if ('floats' in spec)
    return { ...rest, dataType: 1, rawData: raw(Float32Array.from(spec.floats)) }
  if ('int8' in spec) return { ...rest, dataType: 3, rawData: raw(Int8Array.from(spec.int8)) }
  if ('uint8' in spec) return { ...rest, dataType: 2, rawData: raw(Uint8Array.from(spec.uint8)) }
  if ('int32' in spec) return { ...rest, dataType: 6, rawData: raw(Int32Array.from(spec.int32)) }
  const int64 = BigInt64Array.from(spec.int64, BigInt)
  return { ...rest, dataType: 7, rawData: raw(int64) }
}

function raw(array: { buffer: ArrayBuffer }) {
  return new Uint8Array(array.buffer)
}

/** Returns floats from −1 to 1 that depend on a seed alone. */
export function numbers(dims: readonly number[], seed: number): number[] {
  let state = seed * 2654435761 + 12345
  return Array.from({ length: product(dims) }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.fround(state / 2 ** 31 - 1)
  })
}
