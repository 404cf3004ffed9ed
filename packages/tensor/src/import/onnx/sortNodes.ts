import { ModelFileError } from '../errors.ts'
import type { OnnxNode } from './OnnxModel.ts'

/**
 * Orders nodes so that each comes after those that produce what it reads, else as in the file. `given` are the values that
 * no node produces. Throws `ModelFileError` for a value that is produced twice or never, and for a cycle.
 */
export function sortNodes(nodes: readonly OnnxNode[], given: ReadonlySet<string>): OnnxNode[] {
  const producers = producersOf(nodes, given)
  const sorted: OnnxNode[] = []
  const state = new Map<OnnxNode, 'open' | 'done'>()
  for (const root of nodes) {
    const stack = [root]
    while (stack.length > 0) {
      const node = stack.at(-1)!
      if (state.get(node) === 'done') {
        stack.pop()
        continue
      }
      const missing = readsOf(node, producers, given).filter((read) => state.get(read) !== 'done')
      if (missing.length === 0) {
        state.set(node, 'done')
        sorted.push(node)
        stack.pop()
        continue
      }
      // Open nodes are those that lead to this one.
      const open = missing.find((read) => state.get(read) === 'open')
      if (open !== undefined) throw new ModelFileError(`node ${open.name}`, 'reads its own output')
      state.set(node, 'open')
      stack.push(...missing)
    }
  }
  return sorted
}

function producersOf(nodes: readonly OnnxNode[], given: ReadonlySet<string>) {
  const producers = new Map<string, OnnxNode>()
  for (const node of nodes) {
    for (const output of node.outputs) {
      if (output === '') continue
      if (producers.has(output) || given.has(output)) {
        throw new ModelFileError(`value ${output}`, 'is produced twice')
      }
      producers.set(output, node)
    }
  }
  return producers
}

function readsOf(
  node: OnnxNode,
  producers: ReadonlyMap<string, OnnxNode>,
  given: ReadonlySet<string>,
): OnnxNode[] {
  return node.inputs.flatMap((input) => {
    if (input === '' || given.has(input)) return []
    const producer = producers.get(input)
    if (producer === undefined) {
      throw new ModelFileError(`node ${node.name}`, `reads ${input}, which nothing produces`)
    }
    return [producer]
  })
}
