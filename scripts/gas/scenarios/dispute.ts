import {
  buildDemand,
  commitTrace,
  executeTrace,
  outputOf,
  type Program,
  parseSupply,
  pursue,
  type Supplied,
  supplyData,
  type Trace,
} from '@assay/tensor'
import { bytesToHex, type Hash, type Hex } from 'viem'

import { resnet8Conv } from '../programs.ts'
import { answerTrace, publishProgram } from '../versions.ts'
import type { Scene } from './scene.ts'

type Dispute = {
  program: Program
  honest: Trace
  /** What the operator committed to. */
  forged: Trace
  context: Hex
}

/**
 * Measures a whole dispute with an operator that shows nothing before it has to: every level is demanded and supplied
 * on-chain, until one element can be proven wrong. The program is as wide and as deep as ResNet-8.
 */
export async function measureDispute(scene: Scene) {
  const operation = 'TensorVerifier.forcedDispute'
  const { program, input } = resnet8Conv()
  const { version } = await publishProgram(scene, operation, program)
  const honest = executeTrace(program, input)
  const forged = forge(program, honest)
  await scene.meter.steady(async (_, round) => {
    const output = bytesToHex(outputOf(forged))
    const { context } = await answerTrace(scene, version, forged, output)
    const { demands, gas } = await playDispute(scene, { program, honest, forged, context })
    const about = `${demands} demands, each supplied, and the proof`
    if (round === 1) scene.meter.derived(operation, gas, about)
  })
}

/** Commits to one wrong element of the last convolution. */
function forge(program: Program, honest: Trace): Trace {
  const tensor = program.operators.length - 1
  const [row, column] = [3, 5 * 64 + 7]
  const rows = honest.tensors[tensor]!
  const wrong = rows[row]!.with(column, rows[row]![column]! ^ 1)
  return commitTrace(program, honest.tensors.with(tensor, rows.with(row, wrong)))
}

async function playDispute({ chain, world }: Scene, dispute: Dispute) {
  const { market, operator, refuter, verifier } = world
  const { program, honest, forged, context } = dispute
  const claim = forged
  let known: Supplied = {}
  let [demands, gas] = [0, 0]
  const spend = async (sent: Promise<Hash>) => {
    gas += Number((await chain.receiptOf(sent)).gasUsed)
  }
  for (;;) {
    const pursuit = pursue({ program, honest, claim, ...known })
    if (pursuit.kind === 'element') {
      await spend(verifier.write.prove([market.address, context, pursuit.proof], refuter))
      return { demands, gas }
    }
    if (pursuit.kind !== 'demand') throw new Error(`the dispute ends with ${pursuit.kind}`)
    const { node, hash, proof } = buildDemand({ program, claim, node: pursuit.node, ...known })
    const demanded = [market.address, context, node, hash] as const
    await spend(verifier.write.demand([...demanded, proof], refuter))
    const data = supplyData(program, forged, node)
    await spend(verifier.write.supply([...demanded, data], operator))
    demands += 1
    known = { ...known, ...parseSupply(node, data) }
  }
}
