import type { ElementProof } from '@assay/protocol'
import { buildElementProof, commitTrace, execute, type Program } from '@assay/tensor'
import { everyKind, layerKinds, type RandomRun, randomRun } from '@assay/tensor/examples'
import { createEngine } from '@assay/tensor/fast'
import { bytesToHex, concat, type Hex, slice, toHex } from 'viem'
import { describe, expect, test } from 'vitest'

import { deployVerifier, networkHelpers } from '../contracts/TensorVerifier/fixtures.ts'
import { refuses } from '../contracts/TensorVerifier/refusals.ts'
import { claimTrace, deployWeights, fuzzRuns, isRefuted, publishProgram } from './tensorWorld.ts'

type Kind = (typeof layerKinds)[number]
type Opening = ElementProof['outputRow']

const runs = fuzzRuns(6)
const programs = fuzzRuns(100)
const timeoutMs = 60_000 + runs * 3_000
const world = () => networkHelpers.loadFixture(deployVerifier)

/** Random runs of programs that hold an operator of `kind`, and the number of one. */
function* runsWith(kind: Kind, seed: number): Generator<RandomRun & { tensor: number }> {
  for (let found = 0; found < runs; seed += 1) {
    const run = randomRun(seed, { ...everyKind, operators: 4 })
    const tensor = run.program.operators.findLastIndex((operator) => operator.kind === kind)
    if (tensor < 0) continue
    found += 1
    yield { ...run, tensor }
  }
}

function randomPlace({ random, program, tensor }: RandomRun & { tensor: number }) {
  const { rows, rowBytes } = program.operators[tensor]!
  return { tensor, row: random.integer(0, rows - 1), column: random.integer(0, rowBytes - 1) }
}

function corrupt(row: Uint8Array, column: number, change: number) {
  return row.with(column, row[column]! ^ change)
}

function flip(data: Hex): Hex {
  const first = Number.parseInt(data.slice(2, 4), 16) ^ 1
  return concat([toHex(first, { size: 1 }), data.length > 4 ? slice(data, 1) : '0x'])
}

/** A proof bent in one place, and the error that names what is wrong with it. */
type Bent = { what: string; proof: ElementProof; error: string; args?: unknown[] }

function* bendSources(proof: ElementProof, program: Program): Generator<Bent> {
  const { sources } = proof
  const [count, first] = [BigInt(sources.length), sources[0]]
  const extra = first ?? { producer: proof.operator, tensor: proof.output, rows: [] }
  const more = { ...proof, sources: [...sources, extra] }
  yield {
    what: 'a source too many',
    proof: more,
    error: 'SourceCountMismatch',
    args: [count + 1n, count],
  }
  if (first === undefined) return

  const fewer = { ...proof, sources: sources.slice(1) }
  yield {
    what: 'a source missing',
    proof: fewer,
    error: 'SourceCountMismatch',
    args: [count - 1n, count],
  }
  const withFirst = (change: Partial<typeof first>) => ({
    ...proof,
    sources: [{ ...first, ...change }, ...sources.slice(1)],
  })
  const producer = proof.operator
  const args = [producer.index, first.producer.index]
  yield {
    what: 'a wrong producer',
    proof: withFirst({ producer }),
    error: 'OperatorMismatch',
    args,
  }
  const longer = { ...first.producer, count: 2 ** 31 + program.operators.length }
  yield {
    what: 'a longer program',
    proof: withFirst({ producer: longer }),
    error: 'PathLengthMismatch',
  }
  yield* bendRows(first.rows, (rows) => withFirst({ rows }))
}

function* bendRows(
  rows: readonly Opening[],
  withRows: (rows: Opening[]) => ElementProof,
): Generator<Bent> {
  const count = BigInt(rows.length)
  const row = rows[0] ?? { index: 0, data: '0x', path: [] }
  const extra = withRows([...rows, row])
  yield {
    what: 'a row too many',
    proof: extra,
    error: 'RowCountMismatch',
    args: [count + 1n, count],
  }
  if (rows.length === 0) return

  const fewer = withRows(rows.slice(1))
  yield {
    what: 'a row missing',
    proof: fewer,
    error: 'RowCountMismatch',
    args: [count - 1n, count],
  }
  const rest = rows.slice(1)
  const other = withRows([{ ...row, index: row.index + 1 }, ...rest])
  const args = [BigInt(row.index + 1), BigInt(row.index)]
  yield { what: 'another row', proof: other, error: 'RowMismatch', args }
  const changed = withRows([{ ...row, data: flip(row.data) }, ...rest])
  yield { what: 'a changed row', proof: changed, error: 'RootMismatch' }
  const longer = withRows([{ ...row, data: concat([row.data, '0x00']) }, ...rest])
  yield { what: 'a longer row', proof: longer, error: 'RowLengthMismatch' }
  if (rows.length === 1) return
  const swapped = withRows([rows[1]!, row, ...rows.slice(2)])
  yield { what: 'rows swapped', proof: swapped, error: 'RowMismatch' }
}

function* bendWeights(proof: ElementProof): Generator<Bent> {
  const { weights } = proof
  if (weights.data === '0x') return
  const other = { ...proof, weights: { ...weights, index: weights.index + 1 } }
  yield { what: 'another weight row', proof: other, error: 'RowMismatch' }
  const changed = { ...proof, weights: { ...weights, data: flip(weights.data) } }
  yield { what: 'a changed weight row', proof: changed, error: 'RootMismatch' }
  const longer = { ...proof, weights: { ...weights, data: concat([weights.data, '0x00']) } }
  yield { what: 'a longer weight row', proof: longer, error: 'RowLengthMismatch' }
}

describe.each(layerKinds)('%s', (kind) => {
  test(
    'behavior: no honest element is refutable',
    async () => {
      const here = await world()
      for (const run of runsWith(kind, 10_000)) {
        const { program, trace } = run
        const version = await publishProgram(here, program)
        const { context, claimId } = await claimTrace(here, version, trace)
        for (let i = 0; i < 4; i += 1) {
          const place = randomPlace(run)
          const { tensor, row, column } = place
          const proof = buildElementProof({ program, trace, ...place })
          const call = here.verifier.write.prove([here.source.address, context, proof])
          const value = trace.tensors[tensor]![row]![column]!
          await refuses(here, call, 'ElementConsistent', [tensor, row, column, value])
        }
        expect(await isRefuted(here, claimId)).toBe(false)
      }
    },
    timeoutMs,
  )

  test(
    'behavior: any one wrong element is refuted',
    async () => {
      const here = await world()
      for (const run of runsWith(kind, 20_000)) {
        const { program, random, tensor } = run
        const place = randomPlace(run)
        const change = random.integer(1, 255)
        const tensors = run.trace.tensors.map((rows, i) =>
          i === tensor
            ? rows.with(place.row, corrupt(rows[place.row]!, place.column, change))
            : rows,
        )
        const trace = commitTrace(program, tensors)
        const version = await publishProgram(here, program)
        const { context, claimId } = await claimTrace(here, version, trace)
        const proof = buildElementProof({ program, trace, ...place })
        await here.verifier.write.prove([here.source.address, context, proof])
        expect(await isRefuted(here, claimId)).toBe(true)
      }
    },
    timeoutMs,
  )

  test(
    'error: what does not open exactly what the element reads',
    async () => {
      const here = await world()
      for (const run of runsWith(kind, 30_000)) {
        const { program, trace } = run
        const version = await publishProgram(here, program)
        const { context } = await claimTrace(here, version, trace)
        const proof = buildElementProof({ program, trace, ...randomPlace(run) })
        for (const bent of [...bendSources(proof, program), ...bendWeights(proof)]) {
          const call = here.verifier.write.prove([here.source.address, context, bent.proof])
          await refuses(here, call, bent.error, bent.args).catch((cause: Error) => {
            throw new Error(bent.what, { cause })
          })
        }
      }
    },
    timeoutMs,
  )
})

test(
  'behavior: every tensor of random programs of every kind is the same in Solidity, TypeScript and WASM',
  async () => {
    const { verifier } = await world()
    const seen = new Set<string>()
    for (let seed = 0; seed < programs; seed += 1) {
      const { program, input } = randomRun(seed, everyKind)
      const tensors = execute(program, input)
      expect(createEngine(program).execute(input), `seed ${seed}`).toEqual(tensors)
      const weights = await deployWeights(program)
      for (let tensor = 1; tensor < tensors.length; tensor += 1) {
        seen.add(program.operators[tensor]!.kind)
        const descriptors = program.descriptors
          .slice(0, tensor + 1)
          .map((bytes) => bytesToHex(bytes))
        const output = await verifier.read.evaluate([descriptors, weights, bytesToHex(input)])
        expect(output, `seed ${seed}, tensor ${tensor}`).toBe(bytesToHex(tensors[tensor]!))
      }
    }
    expect(seen.size).toBe(layerKinds.length)
  },
  60_000 + programs * 2_000,
)
