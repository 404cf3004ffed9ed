import { ModelFileError, UnsupportedOperatorError } from '../errors.ts'
import type { AttributeProto } from './generated/onnx_pb.ts'
import type { OnnxNode } from './OnnxModel.ts'
import type { Tensor } from './Tensor.ts'

/** Types of attributes by their number in the format. */
const types = { f: 1, i: 2, s: 3, t: 4, floats: 6, ints: 7, strings: 8 } as const

/** Throws `UnsupportedOperatorError`. */
export function refuse(
  { label, name }: OnnxNode,
  subject: string,
  found: string | number,
  supported: string | number,
): never {
  throw new UnsupportedOperatorError({
    ...{ operator: label, node: name, subject },
    ...{ found: String(found), supported: String(supported) },
  })
}

/** Throws `ModelFileError`: the node contradicts itself. */
export function reject({ label, name }: OnnxNode, fault: string): never {
  throw new ModelFileError(`node ${name} (${label})`, fault)
}

function attributeOf(node: OnnxNode, name: string, type: keyof typeof types) {
  const attribute = node.attributes.get(name)
  // Files from before types were written have 0.
  if (attribute !== undefined && attribute.type !== 0 && attribute.type !== types[type]) {
    return reject(node, `has an attribute ${name} of type ${attribute.type}, needed ${types[type]}`)
  }
  return attribute
}

/** Returns an integer attribute. */
export function integerOf(node: OnnxNode, name: string, otherwise: number): number {
  const attribute = attributeOf(node, name, 'i')
  return attribute === undefined ? otherwise : Number(attribute.i)
}

/** Returns a float attribute. */
export function floatOf(node: OnnxNode, name: string, otherwise: number): number {
  return attributeOf(node, name, 'f')?.f ?? otherwise
}

/** Returns a text attribute. */
export function textOf(node: OnnxNode, name: string, otherwise: string): string {
  const attribute = attributeOf(node, name, 's')
  return attribute === undefined ? otherwise : new TextDecoder().decode(attribute.s)
}

/** Returns a list of integers; undefined where the node has none. */
export function integersOf(node: OnnxNode, name: string): number[] | undefined {
  return attributeOf(node, name, 'ints')?.ints.map(Number)
}

/** Returns a list of floats; empty where the node has none. */
export function floatsOf(node: OnnxNode, name: string): readonly number[] {
  return attributeOf(node, name, 'floats')?.floats ?? []
}

/** Returns a list of texts; empty where the node has none. */
export function textsOf(node: OnnxNode, name: string): string[] {
  const decoder = new TextDecoder()
  return attributeOf(node, name, 'strings')?.strings.map((text) => decoder.decode(text)) ?? []
}

/** Returns a tensor attribute. */
export function tensorOf(node: OnnxNode, name: string): AttributeProto['t'] {
  return attributeOf(node, name, 't')?.t
}

/** Returns an input that must be there. */
export function inputOf(
  node: OnnxNode,
  inputs: readonly (Tensor | undefined)[],
  i: number,
): Tensor {
  return inputs[i] ?? reject(node, `has no input ${i}`)
}

/** Returns an axis counted from the front. */
export function axisOf(node: OnnxNode, axis: number, rank: number): number {
  const counted = axis < 0 ? axis + rank : axis
  if (!Number.isInteger(counted) || counted < 0 || counted >= rank) {
    return reject(node, `has axis ${axis} for ${rank} dimensions`)
  }
  return counted
}
