import { buildTree, leafHash, pathOf, verifyPath } from '@assay/protocol/tree'
import fc from 'fast-check'
import { concatBytes, hexToBytes, keccak256 } from 'viem'
import { expect, test } from 'vitest'

import { InputLengthError } from '../engine/errors.ts'
import { execute } from '../engine/execute.ts'
import { createRandom } from '../examples/createRandom.ts'
import { everyKind, randomProgram } from '../examples/randomProgram.ts'
import { commitTrace } from './commitTrace.ts'
import { decodeTrace } from './decodeTrace.ts'
import { encodeTrace } from './encodeTrace.ts'
import { TraceLengthError, TraceShapeError } from './errors.ts'
import { executeTrace } from './executeTrace.ts'
import { hashInput } from './hashInput.ts'
import { outputOf } from './outputOf.ts'
import { traceLength } from './traceLength.ts'

function setUp(seed: number) {
  const random = createRandom(seed)
  const program = randomProgram(random, everyKind)
  const { rows, rowBytes } = program.operators[0]!
  const input = random.bytes(rows * rowBytes)
  return { random, program, input, trace: executeTrace(program, input) }
}

test('default', () => {
  const { program, input, trace } = setUp(1)
  const tensors = execute(program, input)
  const roots = trace.tensorTrees.slice(1).map(({ root }) => hexToBytes(root))

  expect(trace.inputHash).toBe(hashInput(program, input))
  expect(trace.outputHash).toBe(keccak256(tensors.at(-1)!))
  expect(trace.evidenceHash).toBe(buildTree('TRC1', roots).root)
  expect(outputOf(trace)).toEqual(tensors.at(-1))
  expect(encodeTrace(trace)).toEqual(concatBytes(tensors.slice(1)))
})

test('behavior: the root of tensor i opens as leaf i − 1 of the trace', () => {
  const { trace } = setUp(2)
  const { tensorTrees, tree } = trace
  for (const index of Array.from({ length: tree.count }).keys()) {
    const leaf = leafHash(hexToBytes(tensorTrees[index + 1]!.root))
    const path = pathOf(tree, index)
    const opening = { tag: 'TRC1', count: tree.count, index, leafHash: leaf, path } as const
    expect(verifyPath({ ...opening, root: trace.evidenceHash })).toBe(true)
  }
})

test('behavior: what is served parses to what was committed', () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const { program, input, trace } = setUp(seed)
      const bytes = encodeTrace(trace)
      expect(bytes.length).toBe(traceLength(program))
      expect(decodeTrace({ program, input, bytes })).toEqual(trace)
    }),
  )
})

test('behavior: one changed byte changes the evidence', () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(), fc.integer({ min: 1, max: 255 }), (seed, pick, change) => {
      const { program, input, trace } = setUp(seed)
      const bytes = encodeTrace(trace)
      bytes[pick % bytes.length]! ^= change
      const bent = decodeTrace({ program, input, bytes })
      expect(bent.evidenceHash).not.toBe(trace.evidenceHash)
      expect(bent.inputHash).toBe(trace.inputHash)
    }),
  )
})

test('error: bytes that are no trace of the program', () => {
  fc.assert(
    fc.property(fc.nat(), fc.uint8Array(), (seed, bytes) => {
      const { program, input } = setUp(seed)
      fc.pre(bytes.length !== traceLength(program))
      expect(() => decodeTrace({ program, input, bytes })).toThrow(TraceLengthError)
    }),
  )
})

test('error: an input of another length', () => {
  const { program, input, trace } = setUp(3)
  const bytes = encodeTrace(trace)
  const short = input.subarray(1)
  expect(() => decodeTrace({ program, input: short, bytes })).toThrow(InputLengthError)
  expect(() => hashInput(program, short)).toThrow(InputLengthError)
})

test('error: other tensors or rows than the program has', () => {
  const { program, trace } = setUp(4)
  const { tensors } = trace
  expect(() => commitTrace(program, tensors.slice(1))).toThrow(TraceShapeError)
  const doubled = tensors.map((rows) => [...rows, ...rows])
  expect(() => commitTrace(program, doubled)).toThrow(TraceShapeError)
})
