import { type Claim, claimOf, encodeContext, type Job, settlementOf } from '@assay/protocol'
import { commitTrace, executeTrace, outputOf, type Trace } from '@assay/tensor'
import { loadProgram, loadSamples } from '@assay/tensor/node'
import {
  type ActorName,
  answerJob,
  deploySuite,
  dollars,
  publishProgram,
  stakeOn,
} from '@assay/testing'
import { network } from 'hardhat'
import { bytesToHex, type Hash, type Hex, parseEventLogs, zeroHash } from 'viem'

export const { viem, networkHelpers } = await network.create()

/** What `JobStatus` is in calls. */
export const status = { answered: 3, challenged: 4, final: 5, refuted: 6 } as const

/** What the gate holds at the market when it is deployed. */
export const funds = dollars(20)

const folder = 'models/digits'
const program = await loadProgram({ folder })
const samples = await loadSamples({ file: `${folder}/samples.bin`, inputLength: 784 })

/** The demo model's honest run on the first sample that it reads as a digit for which `wanted` is true. */
function honestRun(wanted: (digit: number) => boolean) {
  for (const { input } of samples) {
    const trace = executeTrace(program, input)
    const digit = digitOf(outputOf(trace))
    if (wanted(digit)) return { input: bytesToHex(input), trace, digit }
  }
  throw new Error('no sample is read so')
}

function digitOf(scores: Uint8Array) {
  return scores.indexOf(Math.max(...scores))
}

/** A drawing of the gate's digit, and one of another; neither is 0, which an unread attempt holds. */
export const right = honestRun((digit) => digit === 7)
export const wrong = honestRun((digit) => digit === 3)

/** A run whose last operator made up the scores. */
export function withScores({ trace }: { trace: Trace }, scores: Uint8Array): Trace {
  return commitTrace(program, [...trace.tensors.slice(0, -1), [scores]])
}

/** Scores in which `digit` is highest. */
export function scoresFor(digit: number) {
  return Uint8Array.from({ length: 10 }, (_, i) => (i === digit ? 255 : 0))
}

/** The suite with the demo model, an operator behind it, and a funded gate that opens for the digit of `right`. */
export async function deployGate() {
  const suite = await deploySuite(viem)
  const { market, escrow, actors, deployment } = suite
  const { version } = await publishProgram(suite, program)
  const operators = ['operator'] as const
  await stakeOn(suite, networkHelpers, { model: version, operators, amount: dollars(100) })
  const verifier = deployment.tensorVerifier
  const gate = await viem.deployContract('DigitGate', [
    market.address,
    version,
    verifier,
    right.digit,
  ])
  const { account } = actors.payer
  await escrow.write.deposit([gate.address, market.address, funds], { account })
  return { ...suite, suite, program, version, gate }
}

export type Gate = Awaited<ReturnType<typeof deployGate>>

type Drawing = { input: Hex; trace: Trace }

/** Has a visitor draw; returns the job that reads it. */
export async function draw(
  { gate, market, actors, publicClient }: Gate,
  { input, trace }: Drawing,
  visitor: ActorName = 'outsider',
  salt: Hash = zeroHash,
) {
  const { account } = actors[visitor]
  const hash = await gate.write.draw([trace.inputHash, input, salt], { account })
  const { logs } = await publicClient.getTransactionReceipt({ hash })
  const [log] = parseEventLogs({ abi: market.abi, eventName: 'JobRequested', logs })
  return { id: log!.args.id, job: log!.args.job }
}

/** Lets the operator answer with `trace`; returns what calls about the answer need. */
export async function answer({ suite }: Gate, job: Job, trace: Trace) {
  const { market, publicClient } = suite
  const hash = await answerJob(suite, networkHelpers, { job, operator: 'operator', trace })
  const { logs } = await publicClient.getTransactionReceipt({ hash })
  const [log] = parseEventLogs({ abi: market.abi, eventName: 'JobAnswered', logs })
  const claim: Claim = claimOf({ job, answered: log!.args })
  const settlement = settlementOf({ job, answered: log!.args })
  const { id, output } = log!.args
  return { id, claim, settlement, output, context: encodeContext({ settlement, claim }) }
}

export type Answer = Awaited<ReturnType<typeof answer>>

/** `draw` and `answer`, honestly unless `trace` says otherwise. */
export async function drawAndAnswer(gate: Gate, drawing: Drawing, trace = drawing.trace) {
  const { job } = await draw(gate, drawing)
  return answer(gate, job, trace)
}

/** Hands an answer to the gate, as anybody may. */
export async function deliver({ market }: Gate, { settlement, claim, output }: Answer) {
  return market.write.deliver([settlement, claim, output])
}

/** Lets the next block come `offset` seconds after the answer is final. */
export async function reachFinality({ market }: Gate, { id }: Answer, offset = 0n) {
  const finalAt = await market.read.finalAt([id])
  await networkHelpers.time.setNextBlockTimestamp(finalAt + offset)
}
