import { type ElementProof, type OperatorOpening, tensorVerifierAbi } from '@assay/protocol'
import { leafHash, type TreeTag, verifyPath } from '@assay/protocol/tree'
import fc from 'fast-check'
import { encodeAbiParameters, getAbiItem, type Hash, hexToBytes, size } from 'viem'
import { expect, test } from 'vitest'

import { computeElement } from '../engine/computeElement.ts'
import { corruptElement } from '../examples/corruptElement.ts'
import { everyKind } from '../examples/randomProgram.ts'
import { randomRun } from '../examples/randomRun.ts'
import { decodeOperator } from '../program/decodeOperator.ts'
import type { Program } from '../program/Program.ts'
import { weightShape } from '../program/weightShape.ts'
import { commitTrace } from '../trace/commitTrace.ts'
import { joinRows } from '../trace/joinRows.ts'
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
  const { operator, sources, weights, output, outputRow } = proof
  const at = program.operators[tensor]!
  const shape = weightShape(at)
  const isTensor = (index: number, { root, path }: { root: Hash; path: readonly Hash[] }) =>
    isUnder(
      'TRC1',
      program.operators.length - 1,
      { index: index - 1, path },
      hexToBytes(root),
      trace.evidenceHash,
    )
  const isOperator = (opening: OperatorOpening) =>
    isUnder('PRG1', opening.count, opening, hexToBytes(opening.descriptor), program.tree.root)

  const opened = [
    isOperator(operator),
    isTensor(tensor, output),
    isUnder('TNS1', at.rows, outputRow, hexToBytes(outputRow.data), output.root),
    shape === undefined || !('weightsRoot' in at)
      ? weights.data === '0x'
      : isUnder('WGT1', shape.count, weights, hexToBytes(weights.data), at.weightsRoot),
    ...sources.flatMap((source) => {
      const { producer, rows } = source
      const root = producer.index === 0 ? trace.inputHash : source.tensor.root
      const count = program.operators[producer.index]!.rows
      return [
        isOperator(producer),
        producer.index === 0 || isTensor(producer.index, source.tensor),
        ...rows.map((row) => isUnder('TNS1', count, row, hexToBytes(row.data), root)),
      ]
    }),
  ]
  expect(operator.index).toBe(tensor)
  expect(opened).not.toContain(false)
}

/** Computes the element of a proof from what the proof opens and nothing else. */
function computeOpened(program: Program, trace: Trace, tensor: number, proof: ElementProof) {
  const { rowBytes } = program.operators[tensor]!
  const tensors: Uint8Array[][] = trace.tensors.map((rows) => rows.map((row) => row.map(() => 85)))
  for (const { producer, rows } of proof.sources) {
    for (const { index, data } of rows) tensors[producer.index]![index] = hexToBytes(data)
  }
  const position = proof.outputRow.index * rowBytes + proof.column
  return computeElement({ program, tensor, position, tensors: tensors.map(joinRows) })
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
      const { program, trace } = randomRun(seed, everyKind)
      expect(findInconsistency({ program, trace, outputHash: trace.outputHash })).toBe(null)
    }),
  )
})

test('behavior: any one wrong byte is found where it is', () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const { random, program, trace } = randomRun(seed, everyKind)
      const { trace: bent, ...where } = corruptElement(random, program, trace)
      const found = findInconsistency({ program, trace: bent, outputHash: bent.outputHash })
      expect(found).toEqual({ kind: 'element', ...where })
    }),
  )
})

test('behavior: every opening of any element verifies', () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(), (seed, pick) => {
      const { program, trace } = randomRun(seed, everyKind)
      const elements = everyElement(program)
      const element = elements[pick % elements.length]!
      const proof = buildElementProof({ program, trace, ...element })
      checkProof(program, trace, element.tensor, proof)

      const earlier = program.operators.slice(0, element.tensor)
      const operator = decodeOperator(hexToBytes(proof.operator.descriptor), earlier)
      expect(operator).toEqual(program.operators[element.tensor])
      const committed = trace.tensors[element.tensor]![element.row]![element.column]!
      expect(computeOpened(program, trace, element.tensor, proof)).toBe(committed)
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
      const { random, program, trace } = randomRun(seed, everyKind)
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
      const { program, trace } = randomRun(seed, { ...everyKind, operators: 4, rows: 3, bytes: 8 })
      const sizes = everyElement(program).map((element) =>
        size(encodeAbiParameters([parameter], [buildElementProof({ program, trace, ...element })])),
      )
      const { bytes, floorGas } = elementProofSize(program)
      // A piece of a move that others hide counts, though no element comes from it.
      if (program.operators.every(({ kind }) => kind !== 'move')) {
        expect(bytes).toBe(Math.max(...sizes))
      }
      expect(bytes).toBeGreaterThanOrEqual(Math.max(...sizes))
      expect(floorGas).toBe(bytes * 40)
    }),
    { numRuns: 60 },
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
