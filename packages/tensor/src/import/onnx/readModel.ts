import { fromBinary } from '@bufbuild/protobuf'

import { ModelFileError, UnsupportedModelError } from '../errors.ts'
import { checkMessages, orGarbled } from './checkMessages.ts'
import { expandFused } from './expandFused.ts'
import {
  type GraphProto,
  type ModelProto,
  ModelProtoSchema,
  type NodeProto,
  type ValueInfoProto,
} from './generated/onnx_pb.ts'
import { limits, needWithin } from './limits.ts'
import { nameOfOperator, nameOfType } from './names.ts'
import { floatOf, integersOf, refuse, tensorOf } from './node.ts'
import type { OnnxModel, OnnxNode, OnnxValue } from './OnnxModel.ts'
import { dimsOf, readTensor } from './readTensor.ts'
import { sortNodes } from './sortNodes.ts'
import { floats, type Tensor } from './Tensor.ts'

/**
 * Reads a model file in the ONNX format; throws `ImportError` on anything truncated, corrupt, cyclic or too large. Whether
 * programs have its operators is not looked at.
 */
export function readModel(bytes: Uint8Array): OnnxModel {
  needWithin('bytes', bytes.length, limits.bytes)
  checkMessages(ModelProtoSchema, bytes)
  const model = orGarbled(() => fromBinary(ModelProtoSchema, bytes, { readUnknownFields: false }))
  const { graph } = model
  if (graph === undefined) throw new ModelFileError('structure', 'has no graph')
  if (graph.sparseInitializer.length > 0) {
    throw new UnsupportedModelError('constants', 'sparse tensors', 'dense tensors')
  }
  if (model.functions.length > 0) {
    throw new UnsupportedModelError('functions', String(model.functions.length), 'none')
  }
  needWithin('nodes', graph.node.length, limits.nodes)

  const constants = constantsOf(graph)
  const inputs = graph.input.filter(({ name }) => !constants.has(name)).map(describeValue)
  const versions = versionsOf(model)
  needVersion(versions.get('') ?? 1)
  const nodes = graph.node
    .map((node, index) => nodeOf(node, index, versions))
    .filter((node) => !takeConstant(node, constants))
    .flatMap((node) => expandFused(node, versions.get('') ?? 1, constants))
  const given = new Set([...constants.keys(), ...inputs.map(({ name }) => name)])
  return {
    inputs,
    outputs: graph.output.map(describeValue),
    nodes: sortNodes(nodes, given),
    constants,
  }
}

function constantsOf(graph: GraphProto) {
  const constants = new Map<string, Tensor>()
  let elements = 0
  for (const tensor of graph.initializer) {
    if (constants.has(tensor.name))
      throw new ModelFileError(`constant ${tensor.name}`, 'is there twice')
    const constant = readTensor(tensor, `constant ${tensor.name}`)
    elements += constant.data.length
    needWithin('elements of constants', elements, limits.elements)
    constants.set(tensor.name, constant)
  }
  return constants
}

/** Takes what a Constant holds, if the node is one. */
function takeConstant(node: OnnxNode, constants: Map<string, Tensor>): boolean {
  if (node.operator !== 'Constant') return false
  const [output = ''] = node.outputs
  if (constants.has(output)) throw new ModelFileError(`constant ${output}`, 'is there twice')
  constants.set(output, constantOf(node))
  return true
}

function constantOf(node: OnnxNode): Tensor {
  const tensor = tensorOf(node, 'value')
  if (tensor !== undefined) return readTensor(tensor, `node ${node.name}`)
  if (node.attributes.has('value_float')) {
    return floats([], Float32Array.of(floatOf(node, 'value_float', 0)))
  }
  const ints = integersOf(node, 'value_ints')
  if (ints !== undefined) {
    return { type: 'INT64', dims: [ints.length], data: Float64Array.from(ints) }
  }
  const found = [...node.attributes.keys()].join() || 'missing'
  return refuse(node, 'its attribute', found, 'value, value_float or value_ints')
}

function versionsOf(model: ModelProto) {
  return new Map(
    model.opsetImport.map(({ domain, version }) => [
      domain === 'ai.onnx' ? '' : domain,
      Number(version),
    ]),
  )
}

/** Before version 7 operators broadcast in another way; what comes later may mean what is not known here. */
function needVersion(version: number) {
  if (version >= 7 && version <= 25) return
  throw new UnsupportedModelError('version of its operators', String(version), '7 to 25')
}

function nodeOf(node: NodeProto, index: number, versions: ReadonlyMap<string, number>): OnnxNode {
  const { name, domain, opType, input, output, attribute } = node
  return {
    index,
    name: name === '' ? `#${index}` : name,
    operator: nameOfOperator(domain, opType),
    label: nameOfOperator(domain, opType),
    version: versions.get(domain === 'ai.onnx' ? '' : domain) ?? 1,
    inputs: input,
    outputs: output,
    attributes: new Map(attribute.map((each) => [each.name, each])),
  }
}

function describeValue({ name, type }: ValueInfoProto): OnnxValue {
  const tensor = type?.tensorType
  if (tensor === undefined) return { name, type: 'no tensor', dims: undefined }
  const subject = `value ${name}`
  const open = tensor.shape?.dim.map(({ dimValue, dimParam }, axis) => {
    if (dimParam === '' && dimValue > 0n) return dimsOf([dimValue], subject)[0]!
    // An open batch is a batch of one.
    return axis === 0 ? 1 : undefined
  })
  needWithin(`dimensions of ${subject}`, open?.length ?? 0, limits.rank)
  return { name, type: nameOfType(tensor.elemType), dims: open }
}
