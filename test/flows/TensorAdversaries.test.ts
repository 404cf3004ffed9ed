import { allLeaves } from '@assay/protocol'
import { buildTree, rootHash } from '@assay/protocol/tree'
import {
  buildDemand,
  buildElementProof,
  commitTrace,
  findInconsistency,
  nodeTrees,
  type Program,
  type Trace,
} from '@assay/tensor'
import { type RandomRun, randomRun } from '@assay/tensor/examples'
import { hexToBytes, zeroHash } from 'viem'
import { describe, expect, test } from 'vitest'

import {
  deployVerifier,
  networkHelpers,
  supplyWindow,
  viem,
  type World,
} from '../contracts/TensorVerifier/fixtures.ts'
import { claimTrace, fuzzRuns, isRefuted, publishProgram } from './tensorWorld.ts'

const size = { operators: 6, rows: 4, bytes: 24 }
const runs = fuzzRuns(12)
const timeoutMs = 60_000 + runs * 2_000

/** Makes a trace that looks like an honest one; undefined where the run gives no way to. */
type Forge = (run: RandomRun) => Trace | undefined

/** Replaces the rows of one produced tensor by what `change` makes of them, if that changes any byte. */
function changeRows(
  { random, program, trace }: RandomRun,
  change: (rows: readonly Uint8Array[]) => Uint8Array[] | undefined,
): Trace | undefined {
  const tensors = program.operators.map((_, tensor) => tensor).slice(1)
  for (const tensor of shuffle(random, tensors)) {
    const changed = change(trace.tensors[tensor]!)
    if (changed === undefined || isSame(changed, trace.tensors[tensor]!)) continue
    return commitTrace(program, trace.tensors.with(tensor, changed))
  }
  return undefined
}

function shuffle(random: RandomRun['random'], values: number[]) {
  return values
    .map((value) => ({ value, at: random.uniform() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ value }) => value)
}

function isSame(a: readonly Uint8Array[], b: readonly Uint8Array[]) {
  return a.every((row, i) => Buffer.compare(row, b[i]!) === 0)
}

const swapRows: Forge = (run) =>
  changeRows(run, ([first, second, ...rest]) => second && [second, first!, ...rest])

const repeatRow: Forge = (run) =>
  changeRows(run, (rows) => (rows.length > 1 ? rows.map(() => rows[0]!) : undefined))

/** Puts a whole earlier tensor, whose tree is there already, in the place of a later one of the same shape. */
const shareTree: Forge = (run) => {
  const { program, trace } = run
  for (const [tensor, { rows, rowBytes }] of program.operators.entries()) {
    const earlier = program.operators.findIndex(
      (other, i) => i < tensor && other.rows === rows && other.rowBytes === rowBytes,
    )
    if (earlier < 0 || isSame(trace.tensors[earlier]!, trace.tensors[tensor]!)) continue
    return commitTrace(program, trace.tensors.with(tensor, trace.tensors[earlier]!))
  }
  return undefined
}

/** The right output over an inside of zeros. */
const hollow: Forge = ({ program, trace }) => {
  const tensors = trace.tensors.map((rows, tensor) =>
    tensor === 0 || tensor === trace.tensors.length - 1
      ? rows
      : rows.map((row) => new Uint8Array(row.length)),
  )
  return tensors.some((rows, i) => !isSame(rows, trace.tensors[i]!))
    ? commitTrace(program, tensors)
    : undefined
}

describe.each([
  { name: 'swapped rows', forge: swapRows },
  { name: 'one row for all', forge: repeatRow },
  { name: 'the tree of another tensor', forge: shareTree },
  { name: 'the right output over an empty inside', forge: hollow },
])('$name', ({ forge }) => {
  test(
    'behavior: is refuted by one element',
    async () => {
      const world = await networkHelpers.loadFixture(deployVerifier)
      let forged = 0
      for (let seed = 7_000; forged < runs; seed += 1) {
        const run = randomRun(seed, size)
        const trace = forge(run)
        if (trace === undefined) continue
        forged += 1
        await refute(world, run.program, trace)
      }
    },
    timeoutMs,
  )
})

async function refute(world: World, program: Program, trace: Trace) {
  const { source, verifier } = world
  const version = await publishProgram(world, program)
  const { context, claimId } = await claimTrace(world, version, trace)
  const found = findInconsistency({ program, trace, outputHash: trace.outputHash })
  expect.assert(found?.kind === 'element')
  const { tensor, row, column } = found
  const proof = buildElementProof({ program, trace, tensor, row, column })
  await verifier.write.prove([source.address, context, proof])
  expect(await isRefuted(world, claimId)).toBe(true)
}

test('behavior: a tensor without rows cannot be supplied and loses by silence', async () => {
  const world = await networkHelpers.loadFixture(deployVerifier)
  const { source, verifier, payer } = world
  const { program, trace } = randomRun(7_000, size)
  const version = await publishProgram(world, program)
  const empty = rootHash({ tag: 'TNS1', count: 0, top: zeroHash })
  const tensorRoots = trace.tensorTrees.slice(1).map(({ root }, i) => (i === 0 ? empty : root))
  const evidenceHash = buildTree(
    'TRC1',
    tensorRoots.map((root) => hexToBytes(root)),
  ).root
  const { claim, context, claimId } = await claimTrace(world, version, trace, { evidenceHash })

  const node = { tree: nodeTrees.tensor, index: 1, leaf: allLeaves }
  const { hash, proof } = buildDemand({ program, claim, node, tensorRoots })
  expect(hash).toBe(empty)
  const demanded = [source.address, context, node, hash] as const
  await verifier.write.demand([...demanded, proof], { account: payer })
  await viem.assertions.revertWithCustomErrorWithArgs(
    verifier.write.supply([...demanded, '0x']),
    verifier,
    'DataLengthMismatch',
    [0n, BigInt(32 * program.operators[1]!.rows)],
  )
  await networkHelpers.time.increase(supplyWindow)
  await verifier.write.timeout(demanded)
  expect(await isRefuted(world, claimId)).toBe(true)
})
