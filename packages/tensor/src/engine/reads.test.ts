import fc from 'fast-check'
import { expect, test } from 'vitest'

import type { Random } from '../examples/createRandom.ts'
import { everyKind } from '../examples/randomProgram.ts'
import { randomRun } from '../examples/randomRun.ts'
import { composeProgram } from '../program/composeProgram.ts'
import type { Program, Weights } from '../program/Program.ts'
import { type Reads, readsOf } from '../program/readsOf.ts'
import { joinRows } from '../trace/joinRows.ts'
import type { Trace } from '../trace/Trace.ts'
import { computeElement } from './computeElement.ts'

/** The tensors with other bytes in every row that is not read. */
function scramble(random: Random, { tensors }: Trace, { sources }: Reads) {
  return tensors.map((rows, tensor) => {
    const read = new Set(sources.flatMap((source) => (source.tensor === tensor ? source.rows : [])))
    return joinRows(rows.map((row, i) => (read.has(i) ? row : random.bytes(row.length))))
  })
}

/** The weights with other values in every row but one. */
function scrambleWeights(random: Random, weights: Weights, kept: number): Weights {
  const { rows, biases, multipliers, shifts, values } = weights
  const inputs = values.length / Math.max(1, biases.length)
  return {
    ...weights,
    rows: rows.map((row, i) => (i === kept ? row : random.bytes(row.length))),
    biases: biases.map((bias, i) => (i === kept ? bias : random.uint32())),
    multipliers: multipliers.map((multiplier, i) => (i === kept ? multiplier : random.uint32())),
    shifts: shifts.map((shift, i) => (i === kept ? shift : random.uint32())),
    values: values.map((value, i) => (Math.floor(i / inputs) === kept ? value : random.uint32())),
  }
}

function scrambleProgram(random: Random, program: Program, tensor: number, kept?: number): Program {
  const weights = program.weights.map((rows, i) =>
    rows === undefined || i !== tensor || kept === undefined
      ? rows
      : scrambleWeights(random, rows, kept),
  )
  return { ...program, weights }
}

test('behavior: no byte that an element does not read changes it', () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const { random, program, trace } = randomRun(seed, everyKind)
      const tensor = random.integer(1, program.operators.length - 1)
      const { rows, rowBytes } = program.operators[tensor]!
      const [row, column] = [random.integer(0, rows - 1), random.integer(0, rowBytes - 1)]
      const reads = readsOf(program, tensor, row, column)
      const computed = computeElement({
        program: scrambleProgram(random, program, tensor, reads.weightRow),
        tensor,
        position: row * rowBytes + column,
        tensors: scramble(random, trace, reads),
      })
      expect(computed).toBe(trace.tensors[tensor]![row]![column])
    }),
    { numRuns: 1_000 },
  )
})

test('behavior: reads exist, ascend and come before the tensor', () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const { random, program } = randomRun(seed, everyKind)
      const tensor = random.integer(1, program.operators.length - 1)
      const { rows, rowBytes } = program.operators[tensor]!
      const at = [random.integer(0, rows - 1), random.integer(0, rowBytes - 1)] as const
      for (const source of readsOf(program, tensor, ...at).sources) {
        expect(source.tensor).toBeLessThan(tensor)
        const last = program.operators[source.tensor]!.rows - 1
        expect(source.rows.every((row) => Number.isInteger(row) && 0 <= row && row <= last)).toBe(
          true,
        )
        expect(source.rows).toEqual([...new Set(source.rows)].sort((a, b) => a - b))
      }
    }),
  )
})

test('behavior: a window touches the lines inside the image only', () => {
  const program = composeProgram({
    input: { rows: 6, rowBytes: 4 },
    layers: [
      {
        kind: 'conv',
        source: 0,
        width: 2,
        channels: 2,
        groups: 2,
        kernelHeight: 3,
        kernelWidth: 1,
        strideHeight: 4,
        strideWidth: 1,
        dilationHeight: 2,
        dilationWidth: 1,
        padTop: 3,
        padLeft: 0,
        inputZero: 0,
        outputZero: 0,
        clampMin: 0,
        clampMax: 255,
        height: 4,
        outputWidth: 2,
        rows: Array.from({ length: 4 }, () => ({
          bias: 0,
          multiplier: 0,
          shift: 0,
          weights: new Int8Array(3),
        })),
      },
    ],
  })
  const linesOf = (row: number) => readsOf(program, 1, row, 7)
  expect(linesOf(0)).toEqual({ sources: [{ tensor: 0, rows: [1] }], weightRow: 3 })
  expect(linesOf(1)).toEqual({ sources: [{ tensor: 0, rows: [1, 3, 5] }], weightRow: 3 })
  expect(linesOf(2)).toEqual({ sources: [{ tensor: 0, rows: [5] }], weightRow: 3 })
  expect(linesOf(3)).toEqual({ sources: [{ tensor: 0, rows: [] }], weightRow: 3 })
})
