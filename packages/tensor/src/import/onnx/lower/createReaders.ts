import type { Coding } from '../Graph.ts'
import type { OnnxModel, OnnxNode } from '../OnnxModel.ts'
import type { Lowering } from './Lowering.ts'
import { storedCoding } from './storedCoding.ts'

/** Operators behind which every element is one of their input. */
const movers = [
  ...['Dropout', 'Flatten', 'Identity', 'MaxPool', 'Reshape', 'Squeeze', 'Transpose', 'Unsqueeze'],
]

/** Who reads the values of a model. */
export type Readers = {
  /** Returns the one node that reads a value, as its first input; undefined where others do too, or a caller. */
  onlyReader(name: string): OnnxNode | undefined
  /** Returns what the model says that bytes of a value stand for: all that read it quantise it, and in one way. */
  statedOf(name: string): Coding | undefined
}

/** Looks up who reads the values of a model. */
export function createReaders(
  { nodes, outputs }: OnnxModel,
  lowering: Pick<Lowering, 'constantOf' | 'dimsOf'>,
): Readers {
  const readers = new Map<string, OnnxNode[]>()
  for (const node of nodes) {
    for (const input of new Set(node.inputs)) {
      const list = readers.get(input) ?? []
      list.push(node)
      readers.set(input, list)
    }
  }
  const returned = new Set(outputs.map(({ name }) => name))

  function onlyReader(name: string): OnnxNode | undefined {
    const [only, ...others] = readers.get(name) ?? []
    const isOnly = others.length === 0 && !returned.has(name) && only?.inputs[0] === name
    return isOnly ? only : undefined
  }

  function statedOf(name: string): Coding | undefined {
    const all = readers.get(name) ?? []
    const mover = onlyReader(name)
    if (mover !== undefined && movers.includes(mover.operator)) return statedOf(mover.outputs[0]!)
    const isQuantised = all.length > 0 && all.every(({ operator }) => operator === 'QuantizeLinear')
    if (!isQuantised || returned.has(name)) return undefined
    const codings = all.map((node) => storedCoding(node, lowering))
    const [first] = codings
    const isOne = codings.every(({ scale, zero }) => scale === first!.scale && zero === first!.zero)
    return isOne ? first : undefined
  }

  return { onlyReader, statedOf }
}
