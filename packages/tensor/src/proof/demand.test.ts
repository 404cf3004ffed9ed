import { allLeaves, type DemandProof, type Node } from '@assay/protocol'
import { buildTreeOfHashes, leafHash, verifyPath } from '@assay/protocol/tree'
import fc from 'fast-check'
import { bytesToHex, type Hash, hexToBytes, keccak256, zeroHash } from 'viem'
import { expect, test } from 'vitest'

import { corruptElement } from '../examples/corruptElement.ts'
import { everyKind } from '../examples/randomProgram.ts'
import { randomRun } from '../examples/randomRun.ts'
import type { Program } from '../program/Program.ts'
import type { Trace } from '../trace/Trace.ts'
import { buildDemand } from './buildDemand.ts'
import { NodeError, ParentUnknownError, SupplyError } from './errors.ts'
import { hashOfNode } from './hashOfNode.ts'
import { nodeTrees } from './nodeTrees.ts'
import { parseHashes } from './parseHashes.ts'
import { type Pursuit, pursue } from './pursue.ts'
import { supplyData } from './supplyData.ts'

function node(tree: keyof typeof nodeTrees, index: number, leaf: number = allLeaves): Node {
  return { tree: nodeTrees[tree], index, leaf }
}

/** All nodes of a program's trees. */
function everyNode(program: Program): Node[] {
  const operators = program.operators.length - 1
  return [
    node('trace', 0),
    ...range(operators).map((leaf) => node('trace', 0, leaf)),
    ...program.operators.flatMap(({ rows }, index) => [
      node('tensor', index),
      ...range(rows).map((leaf) => node('tensor', index, leaf)),
    ]),
    ...program.weights.flatMap((weights, index) =>
      weights === undefined
        ? []
        : [
            node('weights', index),
            ...range(weights.rows.length).map((leaf) => node('weights', index, leaf)),
          ],
    ),
  ]
}

function range(length: number) {
  return Array.from({ length }, (_, i) => i)
}

function rootsOf(trace: Trace): Hash[] {
  return trace.tensorTrees.slice(1).map(({ root }) => root)
}

function leavesOf(trace: Trace, tensor: number): Hash[] {
  return trace.tensorTrees[tensor]!.levels[0]!.map((leaf) => bytesToHex(leaf))
}

/** What a challenger knows once everything above `node` was supplied. */
function knowledge(trace: Trace, { tree, index }: Node) {
  const isTensor = tree === nodeTrees.tensor
  return {
    tensorRoots: rootsOf(trace),
    ...(isTensor ? { leafHashes: leavesOf(trace, index) } : {}),
  }
}

function checkOpening(program: Program, trace: Trace, at: Node, hash: Hash, proof: DemandProof) {
  const { operator, tensor, path } = proof
  const { index, count } = operator
  const descriptor = leafHash(hexToBytes(operator.descriptor))
  const root = program.tree.root
  const openings = [
    verifyPath({ tag: 'PRG1', count, index, leafHash: descriptor, path: operator.path, root }),
  ]
  if (at.tree === nodeTrees.tensor && at.index > 0) {
    const leaf = leafHash(hexToBytes(tensor.root))
    const position = { tag: 'TRC1', count: count - 1, index: at.index - 1 } as const
    const path = tensor.path
    openings.push(verifyPath({ ...position, leafHash: leaf, path, root: trace.evidenceHash }))
  }
  if (at.leaf !== allLeaves) {
    const tag = (['TRC1', 'TNS1', 'WGT1'] as const)[at.tree]!
    const all = { ...at, leaf: allLeaves }
    const { length } = parseHashes(supplyData(program, trace, all))
    const parent = hashOfNode(program, trace, all)
    openings.push(
      verifyPath({ tag, count: length, index: at.leaf, leafHash: hash, path, root: parent }),
    )
  }
  expect(openings).not.toContain(false)
}

test('behavior: every node can be demanded, and its supply has the hash demanded', () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(), (seed, pick) => {
      const { program, trace } = randomRun(seed, everyKind)
      const nodes = everyNode(program)
      const at = nodes[pick % nodes.length]!
      const demand = buildDemand({ program, claim: trace, node: at, ...knowledge(trace, at) })
      expect(demand.hash).toBe(hashOfNode(program, trace, at))
      expect(demand.proof.hashOfParent).toBe(zeroHash)
      checkOpening(program, trace, at, demand.hash, demand.proof)

      const data = supplyData(program, trace, at)
      if (at.leaf !== allLeaves) expect(leafHash(hexToBytes(data))).toBe(demand.hash)
      else if (at.tree === nodeTrees.tensor) {
        expect(buildTreeOfHashes('TNS1', parseHashes(data)).root).toBe(demand.hash)
      }
    }),
  )
})

test('behavior: supplies the roots themselves for the trace', () => {
  const { program, trace } = randomRun(2)
  expect(parseHashes(supplyData(program, trace, node('trace', 0)))).toEqual(rootsOf(trace))
})

test('behavior: a follow-up names its parent', () => {
  const { program, trace } = randomRun(3)
  const known = { tensorRoots: rootsOf(trace), leafHashes: leavesOf(trace, 1) }
  const parentOf = (at: Node) =>
    buildDemand({ program, claim: trace, node: at, ...known, isFollowUp: true }).proof.hashOfParent
  expect(parentOf(node('tensor', 1))).toBe(trace.evidenceHash)
  expect(parentOf(node('tensor', 1, 0))).toBe(rootsOf(trace)[0])
  expect(parentOf(node('trace', 0, 0))).toBe(trace.evidenceHash)
  for (const at of [node('trace', 0), node('tensor', 0)]) {
    expect(() => parentOf(at)).toThrow(NodeError)
  }
})

test('behavior: a withheld trace is narrowed down to the wrong element', () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const { random, program, trace: honest } = randomRun(seed, everyKind)
      const { trace: claimed, tensor, row, column } = corruptElement(random, program, honest)
      const known = { program, honest, claim: claimed }
      const steps: Pursuit[] = [pursue(known)]
      const tensorRoots = parseHashes(supplyData(program, claimed, node('trace', 0)))
      steps.push(pursue({ ...known, tensorRoots }))
      const leafHashes = parseHashes(supplyData(program, claimed, node('tensor', tensor)))
      steps.push(pursue({ ...known, tensorRoots, leafHashes }))
      const data = hexToBytes(supplyData(program, claimed, node('tensor', tensor, row)))
      const last = pursue({ ...known, tensorRoots, leafHashes, row: data })

      expect(steps).toEqual([
        { kind: 'demand', node: node('trace', 0) },
        { kind: 'demand', node: node('tensor', tensor) },
        { kind: 'demand', node: node('tensor', tensor, row) },
      ])
      expect(last).toMatchObject({ kind: 'element', proof: { column, outputRow: { index: row } } })
    }),
  )
})

test('behavior: a right trace leaves the output, or nothing, to pursue', () => {
  const { program, trace: honest } = randomRun(4)
  const tensorRoots = rootsOf(honest)
  expect(pursue({ program, honest, claim: honest, tensorRoots })).toEqual({ kind: 'consistent' })
  const claim = { ...honest, outputHash: keccak256('0x') }
  expect(pursue({ program, honest, claim, tensorRoots })).toMatchObject({ kind: 'output' })
})

test('error: a node that no tree has', () => {
  const { program, trace } = randomRun(6)
  const { length } = program.operators
  const known = { tensorRoots: rootsOf(trace), leafHashes: leavesOf(trace, 0) }
  const dense = program.weights.findIndex((weights) => weights !== undefined)
  const nodes: Node[] = [
    node('trace', 1),
    node('trace', 0, length),
    node('tensor', length),
    node('tensor', 0, program.operators[0]!.rows),
    node('weights', 0),
    ...(dense < 0 ? [] : [node('weights', dense, 2 ** 30)]),
    { tree: 3, index: 0, leaf: 0 },
  ]
  for (const at of nodes) {
    expect(() => supplyData(program, trace, at)).toThrow(NodeError)
    expect(() => buildDemand({ program, claim: trace, node: at, ...known })).toThrow(NodeError)
  }
})

test('error: a demand whose parents are unknown', () => {
  const { program, trace } = randomRun(7)
  const build = (at: Node) => () => buildDemand({ program, claim: trace, node: at })
  expect(build(node('tensor', 1))).toThrow(ParentUnknownError)
  expect(build(node('tensor', 0, 0))).toThrow(ParentUnknownError)
  expect(build(node('trace', 0, 0))).toThrow(ParentUnknownError)
})

test('error: supplies of something else', () => {
  const { random, program, trace: honest } = randomRun(8)
  const { trace: claim } = corruptElement(random, program, honest)
  const tensorRoots = rootsOf(honest)
  expect(() => pursue({ program, honest, claim, tensorRoots })).toThrow(SupplyError)
  expect(() => pursue({ program, honest, claim, tensorRoots: [] })).toThrow(SupplyError)
  expect(() => parseHashes('0x00')).toThrow(SupplyError)
})
