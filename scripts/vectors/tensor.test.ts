import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { tensorVerifierAbi } from '@assay/protocol'
import { buildTree, buildTreeOfHashes, leafHash, pathOf, verifyPath } from '@assay/protocol/tree'
import {
  buildElementProof,
  decodeTrace,
  encodeTrace,
  executeTrace,
  findInconsistency,
  multiplyByQuantizedMultiplier,
  operatorKinds,
  parseProgram,
} from '@assay/tensor'
import { encodeAbiParameters, getAbiItem, hexToBytes, toHex } from 'viem'
import { expect, test } from 'vitest'

import { operatorVectors, type ProgramVector, programVectors } from './tensor/programVectors.ts'
import { type RequantiseVector, requantiseVectors } from './tensor/requantiseVectors.ts'
import { type TreeVector, treeVectors } from './tensor/treeVectors.ts'

const folder = join(import.meta.dirname, '../../test/vectors')
const requantise: RequantiseVector[] = readVectors('requantise')
const trees: TreeVector[] = readVectors('trees')
const programs: ProgramVector[] = readVectors('program')
const operators: ProgramVector[] = readVectors('operators')

function readVectors(name: string) {
  return JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'))
}

test('behavior: the committed vectors are what the script writes', () => {
  expect(requantise).toEqual(requantiseVectors())
  expect(trees).toEqual(treeVectors())
  expect(programs).toEqual(programVectors())
  expect(operators).toEqual(operatorVectors())
})

test('behavior: the engine requantises as the vectors say', () => {
  for (const [acc, multiplier, shift, result] of requantise) {
    const computed = multiplyByQuantizedMultiplier(acc, multiplier, shift)
    expect(computed, `${acc} · ${multiplier} · 2^${shift}`).toBe(result)
  }
})

test('behavior: trees are as the vectors say', () => {
  for (const { tag, leaves, leafHashes, root, index, path } of trees) {
    const tree = buildTree(
      tag,
      leaves.map((leaf) => hexToBytes(leaf)),
    )
    expect(tree.root).toBe(root)
    expect(buildTreeOfHashes(tag, leafHashes).root).toBe(root)
    expect(leafHash(hexToBytes(leaves[index]!))).toBe(leafHashes[index])
    expect(pathOf(tree, index)).toEqual(path)
    const opening = { tag, count: leaves.length, index, leafHash: leafHashes[index]!, path }
    expect(verifyPath({ ...opening, root })).toBe(true)
  }
})

test('behavior: programs run and commit as the vectors say', () => {
  const [, , elementProof] = getAbiItem({ abi: tensorVerifierAbi, name: 'prove' }).inputs
  for (const vector of [...programs, ...operators]) {
    const program = parseProgram({
      descriptors: vector.descriptors.map((descriptor) => hexToBytes(descriptor)),
      weights: hexToBytes(vector.weights),
      root: vector.programRoot,
    })
    const input = hexToBytes(vector.input)
    const trace = executeTrace(program, input)
    expect(toHex(encodeTrace(trace))).toBe(vector.trace)
    expect(decodeTrace({ program, input, bytes: hexToBytes(vector.trace) })).toEqual(trace)
    expect(trace.tensorTrees.map(({ root }) => root)).toEqual(vector.tensorRoots)
    const { inputHash, outputHash, evidenceHash, element } = vector
    expect(trace).toMatchObject({ inputHash, outputHash, evidenceHash })
    expect(findInconsistency({ program, trace, outputHash })).toBe(null)

    const { value, proof, ...where } = element
    const built = buildElementProof({ program, trace, ...where })
    expect(encodeAbiParameters([elementProof], [built])).toBe(proof)
    expect(trace.tensors[where.tensor]![where.row]![where.column]).toBe(value)
  }
})

test('behavior: the vectors prove elements of every kind', () => {
  const kinds = operators.map(
    ({ descriptors, element }) => operatorKinds[hexToBytes(descriptors[element.tensor]!)[0]!],
  )
  expect(new Set(kinds)).toEqual(new Set(operatorKinds.slice(1)))
})
