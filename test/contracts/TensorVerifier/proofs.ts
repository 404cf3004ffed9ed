import { type Hex, toHex } from 'viem'

import {
  type Dense,
  descriptorOf,
  hashLeaf,
  type Program,
  pathOf,
  pathsOf,
  rowLeaves,
  type Tensor,
  tensorRoot,
  traceLeaves,
  weightLeaves,
  weightRow,
} from './program.ts'

export const empty = { root: `0x${'00'.repeat(32)}`, path: [] as Hex[] } as const

export function openOperator(program: Program, index: number) {
  const descriptors = program.map(descriptorOf)
  const leaves = descriptors.map(hashLeaf)
  const descriptor = descriptors[index]!
  return { index, count: program.length, descriptor, path: pathOf(leaves, index) }
}

export function openTensor(tensors: Tensor[], index: number): { root: Hex; path: Hex[] } {
  if (index === 0) return { ...empty }
  return { root: tensorRoot(tensors[index]!), path: pathOf(traceLeaves(tensors), index - 1) }
}

export function openRows(tensor: Tensor) {
  const paths = pathsOf(rowLeaves(tensor))
  return tensor.map((row, index) => ({ index, data: toHex(row), path: paths[index]! }))
}

export function openRow(tensor: Tensor, index: number) {
  return openRows(tensor)[index]!
}

export function openWeights(operator: Dense, index: number) {
  const data = weightRow(operator.neurons[index]!)
  return { index, data, path: pathOf(weightLeaves(operator), index) }
}

/** Proof of element (`row`, `column`) of tensor `index`, as `tensors` commit it. */
export function proveElement(
  program: Program,
  tensors: Tensor[],
  index: number,
  row: number,
  column: number,
) {
  const operator = program[index] as Dense | Exclude<Program[number], Dense>
  const source = tensors[operator.source]!
  const dense = operator.kind === 'dense'
  return {
    operator: openOperator(program, index),
    sources: [
      {
        producer: openOperator(program, operator.source),
        tensor: openTensor(tensors, operator.source),
        rows: dense ? openRows(source) : [openRow(source, row)],
      },
    ],
    weights: dense ? openWeights(operator, column) : { index: 0, data: '0x' as Hex, path: [] },
    output: openTensor(tensors, index),
    outputRow: openRow(tensors[index]!, row),
    column,
  }
}
