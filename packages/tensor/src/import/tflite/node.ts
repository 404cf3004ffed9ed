import type { ByteBuffer } from 'flatbuffers'

import { showShape } from '../dims.ts'
import { ModelFileError, UnsupportedOperatorError } from '../errors.ts'
import { optionTypes } from './names.ts'
import type { TfliteOperator, TfliteTensor } from './TfliteModel.ts'

/** An operator with the tensors that it names. */
export type Node = {
  operator: TfliteOperator
  /** Undefined for an optional one left out. */
  inputs: readonly (TfliteTensor | undefined)[]
  output: TfliteTensor
}

/** Throws `UnsupportedOperatorError`. */
export function refuse(
  { operator }: Node,
  subject: string,
  found: string | number,
  supported: string | number,
): never {
  throw new UnsupportedOperatorError({
    operator: operator.name,
    node: operator.index,
    subject,
    found: String(found),
    supported: String(supported),
  })
}

/** Throws `ModelFileError`: the operator contradicts itself. */
export function reject({ operator }: Node, fault: string): never {
  throw new ModelFileError(`operator ${operator.index} (${operator.name})`, fault)
}

/** Returns the tensor in one place of a node's inputs, which must not be left out. */
export function inputOf(node: Node, position: number): TfliteTensor {
  return node.inputs[position] ?? reject(node, `has no input ${position}`)
}

/** Throws unless the number of inputs is in a range. */
export function needInputs(node: Node, least: number, most = least): void {
  const { length } = node.inputs
  if (length < least || length > most) {
    const needed = least === most ? least : `${least} to ${most}`
    reject(node, `has ${length} inputs, needed ${needed}`)
  }
}

/** Views the option table of a node through a generated accessor. */
export function optionsOf<table extends { __init(i: number, bb: ByteBuffer): table }>(
  node: Node,
  name: keyof typeof optionTypes,
  accessor: table,
): table {
  const { optionsType, options } = node.operator
  if (optionsType !== optionTypes[name] || options === null || options.bb === null) {
    return reject(node, `has options of type ${optionsType}, needed ${name}`)
  }
  return accessor.__init(options.bb_pos, options.bb)
}

/** Throws unless the output has the shape that follows from the inputs. */
export function needShape(node: Node, dims: readonly number[]): void {
  const found = node.output.dims
  if (found.length === dims.length && dims.every((dim, axis) => dim === found[axis])) return
  reject(node, `produces ${showShape(found)}, its inputs give ${showShape(dims)}`)
}
