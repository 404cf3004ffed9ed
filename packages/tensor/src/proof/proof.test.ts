import { type ElementProof, tensorVerifierAbi } from '@assay/protocol'
import { leafHash, type TreeTag, verifyPath } from '@assay/protocol/tree'
import fc from 'fast-check'
import { encodeAbiParameters, getAbiItem, type Hash, hexToBytes, size } from 'viem'
import { expect, test } from 'vitest'

import { corruptElement } from '../examples/corruptElement.ts'
import { randomRun } from '../examples/randomRun.ts'
import { decodeOperator } from '../program/decodeOperator.ts'
import type { Program } from '../program/Program.ts'
import { commitTrace } from '../trace/commitTrace.ts'
import type { Trace } from '../trace/Trace.ts'
import { buildElementProof } from './buildElementProof.ts'
import { buildOutputProof } from './buildOutputProof.ts'
import { buildRowProof } from './buildRowProof.ts'
import { elementProofSize } from './elementProofSize.ts'
import { CoordinateError } from './errors.ts'
import { findInconsistency } from './findInconsistency.ts'

type Opening = { index: number; path: readonly Hash[] }

function isUnder(tag: TreeTag, count: number, opening: Opening, data: Uint8Array, root: Hash) {
  const { index, path } = opening
  return verifyPath({ tag, count, index, leafHash: leafHash(data), path, root })
}

/** Checks every opening of a proof, as the contract does. */
function checkProof(program: Program, trace: Trace, tensor: number, proof: ElementProof) {
  const { operator, producer, input, inputRows, weights, output, outputRow } = proof
  const at = program.operators[tensor]!
  const source = at.kind === 'input' ? 0 : at.source
  const read = program.operators[source]!
  const operators = program.operators.length - 1
  const opened = [operator, producer].map((opening) =>
    isUnder('PRG1', opening.count, opening, hexToBytes(opening.descriptor), program.tree.root),
  )
  const inputRoot = source === 0 ? trace.inputHash : input.root
  const leaf = (root: Hash) => hexToBytes(root)
  const tensors = [
    isUnder(
      'TRC1',
      operators,
      { index: tensor - 1, path: output.path },
      leaf(output.root),
      trace.evidenceHash,
    ),
    source === 0 ||
      isUnder(
        'TRC1',
        operators,
        { index: source - 1, path: input.path },
        leaf(input.root),
        trace.evidenceHash,
      ),
  ]
  const rows = [
    isUnder('TNS1', at.rows, outputRow, hexToBytes(outputRow.data), output.root),
    ...inputRows.map((row) => isUnder('TNS1', read.rows, row, hexToBytes(row.data), inputRoot)),
    at.kind !== 'dense' ||
      isUnder('WGT1', at.rowBytes, weights, hexToBytes(weights.data), at.weightsRoot),
  ]
  expect([operator.index, producer.index]).toEqual([tensor, source])
  expect([...opened, ...tensors, ...rows]).not.toContain(false)
}

function everyElement(program: Program) {
  return program.operators.flatMap(({ rows, rowBytes }, tensor) =>
    tensor === 0
      ? []
      : Array.from({ length: rows * rowBytes }, (_, i) => ({
          tensor,
          row: Math.floor(i / rowBytes),
          column: i % rowBytes,
        })),
  )
}

test('default', () => {
  const { random, program, trace } = randomRun(1)
  const { trace: bent, tensor, row, column } = corruptElement(random, program, trace)
  const proof = buildElementProof({ program, trace: bent, tensor, row, column })
  checkProof(program, bent, tensor, proof)
  expect(proof.column).toBe(column)
})

test('behavior: an honest trace has no inconsistency', () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const { program, trace } = randomRun(seed)
      expect(findInconsistency({ program, trace, outputHash: trace.outputHash })).toBe(null)
    }),
  )
})

test('behavior: any one wrong byte is found where it is', () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const { random, program, trace } = randomRun(seed)
      const { trace: bent, ...where } = corruptElement(random, program, trace)
      const found = findInconsistency({ program, trace: bent, outputHash: bent.outputHash })
      expect(found).toEqual({ kind: 'element', ...where })
    }),
  )
})

test('behavior: every opening of any element verifies', () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(), (seed, pick) => {
      const { program, trace } = randomRun(seed)
      const elements = everyElement(program)
      const element = elements[pick % elements.length]!
      const proof = buildElementProof({ program, trace, ...element })
      checkProof(program, trace, element.tensor, proof)

      const earlier = program.operators.slice(0, element.tensor)
      const operator = decodeOperator(hexToBytes(proof.operator.descriptor), earlier)
      expect(operator).toEqual(program.operators[element.tensor])
    }),
  )
})

test('behavior: a wrong output is found when the trace is right', () => {
  const { program, trace } = randomRun(5)
  const claimedHash = trace.inputHash
  const found = findInconsistency({ program, trace, outputHash: claimedHash })
  expect(found).toEqual({ kind: 'output', tracedHash: trace.outputHash, claimedHash })

  const { last, tensor, output } = buildOutputProof(program, trace)
  const count = program.operators.length
  const data = hexToBytes(last.descriptor)
  expect(isUnder('PRG1', last.count, last, data, program.tree.root)).toBe(true)
  const leaf = { index: count - 2, path: tensor.path }
  expect(isUnder('TRC1', count - 1, leaf, hexToBytes(tensor.root), trace.evidenceHash)).toBe(true)
  expect(size(output)).toBe(program.operators.at(-1)!.rows * program.operators.at(-1)!.rowBytes)
})

test('behavior: a row of another length is found before it is computed with', () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(3), (seed, length) => {
      const { random, program, trace } = randomRun(seed)
      const tensor = random.integer(0, program.operators.length - 1)
      const { rows, rowBytes } = program.operators[tensor]!
      fc.pre(rowBytes !== length)
      const row = random.integer(0, rows - 1)
      const tensors = trace.tensors.map((rowsOfTensor, i) =>
        i === tensor ? rowsOfTensor.with(row, random.bytes(length)) : rowsOfTensor,
      )
      const bent = commitTrace(program, tensors)
      const found = findInconsistency({ program, trace: bent, outputHash: bent.outputHash })
      expect(found).toEqual({ kind: 'row', tensor, row, length, expected: rowBytes })

      const proof = buildRowProof({ program, trace: bent, tensor, row })
      const root = tensor === 0 ? bent.inputHash : proof.tensor.root
      expect(isUnder('TNS1', rows, proof.row, hexToBytes(proof.row.data), root)).toBe(true)
    }),
  )
})

test('behavior: the stated size is the size of the largest proof', () => {
  const [, , parameter] = getAbiItem({ abi: tensorVerifierAbi, name: 'prove' }).inputs
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const { program, trace } = randomRun(seed, { operators: 3, rows: 3, bytes: 6 })
      const sizes = everyElement(program).map((element) =>
        size(encodeAbiParameters([parameter], [buildElementProof({ program, trace, ...element })])),
      )
      const { bytes, floorGas } = elementProofSize(program)
      expect(bytes).toBe(Math.max(...sizes))
      expect(floorGas).toBe(bytes * 40)
    }),
    { numRuns: 30 },
  )
})

test('error: no such element', () => {
  const { program, trace } = randomRun(9)
  const { length } = program.operators
  const { rows, rowBytes } = program.operators[1]!
  const build = (tensor: number, row: number, column: number) => () =>
    buildElementProof({ program, trace, tensor, row, column })
  for (const attempt of [
    build(0, 0, 0),
    build(length, 0, 0),
    build(1, rows, 0),
    build(1, 0, rowBytes),
    build(1, -1, 0),
    build(1, 0, 0.5),
    () => buildRowProof({ program, trace, tensor: length, row: 0 }),
    () => buildRowProof({ program, trace, tensor: 1, row: rows }),
  ]) {
    expect(attempt).toThrow(CoordinateError)
  }
})
