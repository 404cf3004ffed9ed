import type { Node } from '@assay/protocol'
import {
  buildDemand,
  buildElementProof,
  buildOutputProof,
  buildRowProof,
  commitTrace,
  findInconsistency,
  parseHashes,
  pursue,
  supplyData,
} from '@assay/tensor'
import { corruptElement, type RandomRun, randomRun } from '@assay/tensor/examples'
import { type Hash, hexToBytes, zeroHash } from 'viem'
import { expect, test } from 'vitest'

import {
  challengeWindow,
  deployVerifier,
  networkHelpers,
  viem,
  type World,
} from '../contracts/TensorVerifier/fixtures.ts'
import { claimTrace, fuzzRuns, isRefuted, publishProgram } from './tensorWorld.ts'

const size = { operators: 5, rows: 3, bytes: 40 }
const runs = fuzzRuns(30)
const timeoutMs = 60_000 + runs * 1_000

function randomElement({ random, program }: RandomRun) {
  const tensor = random.integer(1, program.operators.length - 1)
  const { rows, rowBytes } = program.operators[tensor]!
  return { tensor, row: random.integer(0, rows - 1), column: random.integer(0, rowBytes - 1) }
}

/** Publishes the program of a random run. */
async function setUp(world: World, seed: number) {
  const run = randomRun(seed, size)
  return { ...run, run, version: await publishProgram(world, run.program) }
}

test(
  'behavior: no element, row or output of an honest trace refutes it',
  async () => {
    const world = await networkHelpers.loadFixture(deployVerifier)
    const { verifier, source } = world
    for (let seed = 0; seed < runs; seed += 1) {
      const { run, program, trace, version } = await setUp(world, seed)
      const { context, claimId } = await claimTrace(world, version, trace)
      const { tensor, row, column } = randomElement(run)
      const proof = buildElementProof({ program, trace, tensor, row, column })
      const value = trace.tensors[tensor]![row]![column]!
      await viem.assertions.revertWithCustomErrorWithArgs(
        verifier.write.prove([source.address, context, proof]),
        verifier,
        'ElementConsistent',
        [tensor, row, column, value],
      )

      const { last, tensor: opening, output } = buildOutputProof(program, trace)
      await viem.assertions.revertWithCustomErrorWithArgs(
        verifier.write.proveOutput([source.address, context, last, opening, output]),
        verifier,
        'OutputConsistent',
        [trace.outputHash],
      )
      const rowProof = buildRowProof({ program, trace, tensor, row })
      await viem.assertions.revertWithCustomError(
        verifier.write.proveRow([
          source.address,
          context,
          rowProof.operator,
          rowProof.tensor,
          rowProof.row,
        ]),
        verifier,
        'RowConsistent',
      )
      expect(await isRefuted(world, claimId)).toBe(false)
    }
  },
  timeoutMs,
)

test(
  'behavior: any one corrupted element refutes the claim',
  async () => {
    const world = await networkHelpers.loadFixture(deployVerifier)
    const { verifier, source } = world
    for (let seed = 1_000; seed < 1_000 + runs; seed += 1) {
      const { random, program, trace: honest, version } = await setUp(world, seed)
      const { trace, ...where } = corruptElement(random, program, honest)
      const { context, claimId } = await claimTrace(world, version, trace)
      const found = findInconsistency({ program, trace, outputHash: trace.outputHash })
      expect(found).toEqual({ kind: 'element', ...where })

      await verifier.write.prove([
        source.address,
        context,
        buildElementProof({ program, trace, ...where }),
      ])
      expect(await isRefuted(world, claimId)).toBe(true)
    }
  },
  timeoutMs,
)

test('behavior: a right trace under a wrong output refutes the claim', async () => {
  const world = await networkHelpers.loadFixture(deployVerifier)
  const { verifier, source } = world
  for (let seed = 2_000; seed < 2_005; seed += 1) {
    const { program, trace, version } = await setUp(world, seed)
    const lie = { outputHash: trace.inputHash }
    const { context, claimId } = await claimTrace(world, version, trace, lie)
    const { last, tensor, output } = buildOutputProof(program, trace)
    await verifier.write.proveOutput([source.address, context, last, tensor, output])
    expect(await isRefuted(world, claimId)).toBe(true)
  }
})

test('behavior: a row of another length refutes the claim', async () => {
  const world = await networkHelpers.loadFixture(deployVerifier)
  const { verifier, source } = world
  for (let seed = 3_000; seed < 3_010; seed += 1) {
    const { run, random, program, trace: honest, version } = await setUp(world, seed)
    const { tensor, row } = randomElement(run)
    const { rowBytes } = program.operators[tensor]!
    const data = random.bytes(random.pick([0, rowBytes - 1, rowBytes + 1]))
    const tensors = honest.tensors.map((rows, i) => (i === tensor ? rows.with(row, data) : rows))
    const trace = commitTrace(program, tensors)
    const { context, claimId } = await claimTrace(world, version, trace)

    const found = findInconsistency({ program, trace, outputHash: trace.outputHash })
    expect(found).toMatchObject({ kind: 'row', tensor, row, expected: rowBytes })
    const proof = buildRowProof({ program, trace, tensor, row })
    await verifier.write.proveRow([
      source.address,
      context,
      proof.operator,
      proof.tensor,
      proof.row,
    ])
    expect(await isRefuted(world, claimId)).toBe(true)
  }
})

/** Demands a node as the payer and supplies it as the operator; returns what was supplied. */
async function demandAndSupply(
  world: World,
  claimed: Awaited<ReturnType<typeof claimTrace>>,
  lying: Pick<RandomRun, 'program' | 'trace'>,
  node: Node,
  known: { tensorRoots?: Hash[]; leafHashes?: Hash[]; isFollowUp?: boolean },
) {
  const { verifier, source, payer, operator } = world
  const { claim, context } = claimed
  const { program, trace } = lying
  const { hash, proof } = buildDemand({ program, claim, node, ...known })
  await verifier.write.demand([source.address, context, node, hash, proof], { account: payer })
  const data = supplyData(program, trace, node)
  await verifier.write.supply([source.address, context, node, hash, data], { account: operator })
  return data
}

test('behavior: a withheld trace is demanded level by level until one element refutes it', async () => {
  const world = await networkHelpers.loadFixture(deployVerifier)
  const { verifier, source, payer } = world
  for (let seed = 4_000; seed < 4_005; seed += 1) {
    const { random, program, trace: honest, version } = await setUp(world, seed)
    const { trace } = corruptElement(random, program, honest)
    const claimed = await claimTrace(world, version, trace)
    const known = { program, honest, claim: claimed.claim }
    const lying = { program, trace }

    const first = pursue(known)
    expect.assert(first.kind === 'demand')
    const tensorRoots = parseHashes(await demandAndSupply(world, claimed, lying, first.node, {}))

    const second = pursue({ ...known, tensorRoots })
    expect.assert(second.kind === 'demand')
    const roots = { tensorRoots }
    const leafHashes = parseHashes(await demandAndSupply(world, claimed, lying, second.node, roots))

    const third = pursue({ ...known, tensorRoots, leafHashes })
    expect.assert(third.kind === 'demand')
    const leaves = { tensorRoots, leafHashes }
    const row = hexToBytes(await demandAndSupply(world, claimed, lying, third.node, leaves))

    const last = pursue({ ...known, tensorRoots, leafHashes, row })
    expect.assert(last.kind === 'element')
    await verifier.write.prove([source.address, claimed.context, last.proof], { account: payer })
    expect(await isRefuted(world, claimed.claimId)).toBe(true)
  }
})

test('behavior: after the window, each demand follows the one supplied before', async () => {
  const world = await networkHelpers.loadFixture(deployVerifier)
  const { verifier, source, payer } = world
  const { random, program, trace: honest, version } = await setUp(world, 5_000)
  const { trace } = corruptElement(random, program, honest)
  const claimed = await claimTrace(world, version, trace)
  const known = { program, honest, claim: claimed.claim }
  const lying = { program, trace }

  await networkHelpers.time.increase(Number(challengeWindow) - 10)
  const first = pursue(known)
  expect.assert(first.kind === 'demand')
  const tensorRoots = parseHashes(await demandAndSupply(world, claimed, lying, first.node, {}))
  await networkHelpers.time.increase(20)

  const second = pursue({ ...known, tensorRoots })
  expect.assert(second.kind === 'demand')
  const early = buildDemand({ program, claim: claimed.claim, node: second.node, tensorRoots })
  expect(early.proof.hashOfParent).toBe(zeroHash)
  const late = { tensorRoots, isFollowUp: true }
  const leafHashes = parseHashes(await demandAndSupply(world, claimed, lying, second.node, late))
  const third = pursue({ ...known, tensorRoots, leafHashes })
  expect.assert(third.kind === 'demand')
  const deepest = { tensorRoots, leafHashes, isFollowUp: true }
  const row = hexToBytes(await demandAndSupply(world, claimed, lying, third.node, deepest))

  const last = pursue({ ...known, tensorRoots, leafHashes, row })
  expect.assert(last.kind === 'element')
  await verifier.write.prove([source.address, claimed.context, last.proof], { account: payer })
  expect(await isRefuted(world, claimed.claimId)).toBe(true)
})
