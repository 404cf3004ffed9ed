import { allLeaves } from '@assay/protocol'
import {
  buildDemand,
  buildElementProof,
  buildOutputProof,
  buildRowProof,
  nodeTrees,
  supplyData,
  type Trace,
} from '@assay/tensor'
import { type Hash, type Hex, toFunctionSelector } from 'viem'

import { corruptTrace, wrongOutput } from '../demo.ts'
import { type Answered, createJobs } from '../jobs.ts'
import type { Scene } from './scene.ts'

type Stage = Scene & { answer: (output: Hex, evidenceHash: Hash) => Promise<Answered> }

/** Every tensor root: what a challenger demands first. */
const TRACE = { tree: nodeTrees.trace, index: 0, leaf: allLeaves }
/** The 784 bytes of the demo model's input. */
const INPUT_ROW = { tree: nodeTrees.tensor, index: 0, leaf: 0 }

/** Measures `TensorVerifier` against claims of the demo model, and what its verdicts call in the market. */
export async function measureVerifier(scene: Scene) {
  const { chain, world } = scene
  const { trace } = world.demo
  const jobs = createJobs(chain, world)
  const answer = async (output: Hex, evidenceHash: Hash) => {
    const job = await jobs.draft({ inputHash: trace.inputHash })
    await chain.receiptOf(jobs.request(job))
    await jobs.waitForSlot(job)
    return jobs.answered(job, await chain.receiptOf(jobs.answer(job, output, evidenceHash)))
  }
  const stage = { ...scene, answer }
  await measureProofs(stage)
  await measureExecution(stage)
  await measureDemands(stage)
  await measureInputDemand(stage)
  await measureReclaim(stage)
  await measureInnerCalls(scene)
}

/** Returns a trace in which one neuron over 784 inputs was computed wrong. */
function forgedTrace({ world }: Scene): Trace {
  const { program, trace } = world.demo
  return corruptTrace(program, trace, 1, (row) => row.with(0, row[0]! ^ 1))
}

async function measureProofs(stage: Stage) {
  const { answer, meter, world } = stage
  const { demo, market, refuter, verifier } = world
  const { output, program, trace } = demo
  const forged = forgedTrace(stage)
  const short = corruptTrace(program, trace, 1, (row) => row.slice(1))

  await meter.steady(async (run) => {
    const neuron = await answer(output, forged.evidenceHash)
    const proof = buildElementProof({ program, trace: forged, tensor: 1, row: 0, column: 0 })
    const prove = verifier.write.prove([market.address, neuron.context, proof], refuter)
    await run('TensorVerifier.prove784', prove)

    const lie = await answer(wrongOutput(output), trace.evidenceHash)
    const opened = buildOutputProof(program, trace)
    const outputProof = [opened.last, opened.tensor, opened.output] as const
    const byOutput = [market.address, lie.context, ...outputProof] as const
    await run('TensorVerifier.proveOutput', verifier.write.proveOutput(byOutput, refuter))

    const malformed = await answer(output, short.evidenceHash)
    const { operator, tensor, row } = buildRowProof({ program, trace: short, tensor: 1, row: 0 })
    const byRow = [market.address, malformed.context, operator, tensor, row] as const
    await run('TensorVerifier.proveRow', verifier.write.proveRow(byRow, refuter))
  })
}

async function measureExecution({ answer, meter, world }: Stage) {
  const { demo, market, refuter, verifier } = world
  const { descriptors, input, output, trace, weights } = demo
  await meter.steady(async (run) => {
    const lie = await answer(wrongOutput(output), trace.evidenceHash)
    const whole = [market.address, lie.context, descriptors, weights, input] as const
    await run('TensorVerifier.executeDemoModel', verifier.write.execute(whole, refuter))
  })
}

/** Measures a demand for every tensor root that is answered, and one that is not. */
async function measureDemands({ answer, chain, meter, world }: Stage) {
  const { demo, market, operator, outsider, refuter, verifier } = world
  const { output, program, trace } = demo
  await meter.steady(async (run) => {
    const first = await answer(output, trace.evidenceHash)
    const { hash, node, proof } = buildDemand({ program, claim: trace, node: TRACE })
    const demand = [market.address, first.context, node, hash, proof] as const
    await run('TensorVerifier.demand', verifier.write.demand(demand, refuter))
    const data = supplyData(program, trace, node)
    const supply = [market.address, first.context, node, hash, data] as const
    await run('TensorVerifier.supply', verifier.write.supply(supply, operator))

    const second = await answer(output, trace.evidenceHash)
    const silent = [market.address, second.context, node, hash] as const
    await chain.receiptOf(verifier.write.demand([...silent, proof], refuter))
    chain.warpTo(chain.now() + (await verifier.read.SUPPLY_WINDOW()))
    await run('TensorVerifier.timeout', verifier.write.timeout(silent, outsider))
  })
}

async function measureInputDemand({ answer, meter, world }: Stage) {
  const { demo, market, operator, refuter, verifier } = world
  const { output, program, trace } = demo
  const leafHashes = trace.tensorTrees[0]!.levels[0]!.map(toHash)
  await meter.steady(async (run) => {
    const { context } = await answer(output, trace.evidenceHash)
    const parameters = { program, claim: trace, node: INPUT_ROW, leafHashes }
    const { hash, node, proof } = buildDemand(parameters)
    const demand = [market.address, context, node, hash, proof] as const
    await run('TensorVerifier.demandRow784', verifier.write.demand(demand, refuter))
    const supply = [market.address, context, node, hash, demo.input] as const
    await run('TensorVerifier.supplyRow784', verifier.write.supply(supply, operator))
  })
}

async function measureReclaim(stage: Stage) {
  const { answer, chain, meter, world } = stage
  const { demo, market, outsider, refuter, verifier } = world
  const { output, program } = demo
  const forged = forgedTrace(stage)
  const proof = buildElementProof({ program, trace: forged, tensor: 1, row: 0, column: 0 })
  await meter.steady(async (run) => {
    const { context } = await answer(output, forged.evidenceHash)
    const demand = buildDemand({ program, claim: forged, node: TRACE })
    const { hash, node } = demand
    const open = [market.address, context, node, hash] as const
    await chain.receiptOf(verifier.write.demand([...open, demand.proof], refuter))
    await chain.receiptOf(verifier.write.prove([market.address, context, proof], outsider))
    await run('TensorVerifier.reclaim', verifier.write.reclaim(open, outsider))
  })
}

/** Measures what only verifiers and sources may call, in the traces of what calls it. */
async function measureInnerCalls({ meter, world }: Scene) {
  const { market, staking } = world
  const inner = async (operation: string, outer: string, to: Hex, signature: string) => {
    const { hash } = meter.figure(outer)
    await meter.call(
      operation,
      hash!,
      { to, selector: toFunctionSelector(signature) },
      `inside ${outer}`,
    )
  }
  const demand = 'TensorVerifier.demand'
  const prove = 'TensorVerifier.prove784'
  await inner('JobMarket.suspend', demand, market.address, 'suspend(bytes)')
  const resume = 'resume(bytes,uint64)'
  await inner('JobMarket.resume', 'TensorVerifier.supply', market.address, resume)
  await inner('JobMarket.refute', prove, market.address, 'refute(bytes,address)')
  const slash = 'slash(bytes32,address,uint256,address,bytes32)'
  await inner('OperatorStaking.slash', prove, staking.address, slash)
}

function toHash(bytes: Uint8Array): Hash {
  return `0x${Buffer.from(bytes).toString('hex')}`
}
