import { isEnvelope } from '@assay/protocol/envelope'
import { type AnsweredJob, getJob, submit } from '@assay/sdk'
import { findInconsistency, type Inconsistency, type Trace } from '@assay/tensor'
import { createEngine } from '@assay/tensor/fast'
import { type Hash, hexToBytes } from 'viem'
import { estimateGas } from 'viem/actions'

import { inconsistencyCall } from '../../watcher/calls.ts'
import { formatAmount } from '../chain/amounts.ts'
import { JobStateError } from '../chain/errors.ts'
import type { Scene } from '../chain/onChain.ts'
import type { ChainOptions } from '../chain/options.ts'
import type { Report } from '../chain/report.ts'
import { exitCodes } from '../exitCodes.ts'
import { describeInconsistency } from './describeInconsistency.ts'
import { eventOf, refutationLines } from './describeJob.ts'
import { findTrace } from './findTrace.ts'
import { type OpenedJob, openJob } from './openJob.ts'

export type RefuteJobOptions = ChainOptions & {
  model: string
  input?: string
  trace?: string
  dryRun?: true
}

/** Runs a job's model again and, where its answer is wrong, proves that in one transaction. */
export async function refuteJob(
  scene: Scene,
  options: RefuteJobOptions & { id: Hash },
): Promise<Report> {
  const opened = await openJob(scene, { ...options, reader: scene.account().address })
  const record = needAnswer(opened)
  const { program, input } = opened
  const honest = createEngine(program, { unsupported: 'reference' }).commit(input)
  if (isRight(honest, record)) return rightReport(record)
  const commitment = { ...record.answer, isSealed: isEnvelope(hexToBytes(record.input)) }
  const trace = await findTrace(scene, { commitment, program, input, honest, file: options.trace })
  if (trace === undefined) return withheldReport(record)
  const { outputHash } = record.answer.claim
  const found = findInconsistency({ program, trace, outputHash })
  // Only the model's own trace and output agree with themselves throughout.
  if (found === null) return rightReport(record)
  const proof: Proof = { record, trace, found }
  return options.dryRun === true ? simulate(scene, opened, proof) : prove(scene, opened, proof)
}

type Proof = { record: AnsweredJob; trace: Trace; found: Inconsistency }

function needAnswer({ record }: OpenedJob): AnsweredJob {
  const { id, status, answer } = record
  const isOpen = status === 'Answered' || status === 'Challenged'
  if (isOpen && answer !== undefined) return { ...record, answer }
  throw new JobStateError(
    id,
    status,
    'only an answer whose challenge window is open can be refuted',
  )
}

/** A right output with a wrong trace is refuted like a wrong one. */
function isRight({ outputHash, evidenceHash }: Trace, { answer: { claim } }: AnsweredJob) {
  return claim.outputHash === outputHash && claim.evidenceHash === evidenceHash
}

function rightReport({ id, answer }: AnsweredJob): Report {
  return {
    lines: [`job ${id} was answered right by ${answer.operator}: there is nothing to refute`],
    data: { id, verdict: 'right', operator: answer.operator },
    exitCode: exitCodes.right,
  }
}

function withheldReport({ id, answer }: AnsweredJob): Report {
  return {
    lines: [
      `job ${id} was answered WRONG by ${answer.operator}, which does not show what it committed to`,
      'name a file that has it with --trace, or let "assay watch" demand it',
    ],
    data: { id, verdict: 'withheld', operator: answer.operator },
    exitCode: exitCodes.withheld,
  }
}

function callOf({ deployment }: Scene, { program }: OpenedJob, { record, trace, found }: Proof) {
  const data = inconsistencyCall({ deployment }, record, { program, committed: trace }, found)
  return { to: deployment.tensorVerifier, data }
}

async function simulate(scene: Scene, opened: OpenedJob, proof: Proof): Promise<Report> {
  const account = scene.account()
  const gas = await estimateGas(scene.client, { account, ...callOf(scene, opened, proof) })
  const { lines, data } = describe(opened, proof)
  return {
    lines: [...lines, `  proof      would take ${gas} gas; nothing was sent`],
    data: { ...data, gas },
  }
}

async function prove(scene: Scene, opened: OpenedJob, proof: Proof): Promise<Report> {
  const { client, deployment, token } = scene
  const call = callOf(scene, opened, proof)
  const { hash, receipt } = await submit(client, { deployment, ...call })
  const after = await getJob(client, { deployment, id: proof.record.id })
  const refuted = eventOf(after, 'JobRefuted')
  const { lines, data } = describe(opened, proof)
  const money = (amount: bigint) => formatAmount(amount, token)
  return {
    lines: [
      ...lines,
      `  proof      transaction ${hash}, ${receipt.gasUsed} gas`,
      ...(refuted === undefined ? [] : refutationLines(refuted, money)),
    ],
    data: {
      ...data,
      status: after.status,
      transaction: hash,
      gas: receipt.gasUsed,
      refutation: refuted ?? null,
    },
  }
}

function describe({ manifest, program }: OpenedJob, { record, found }: Proof): Report {
  const { id, answer } = record
  const first = `job ${id} was answered WRONG by ${answer.operator}`
  const data = { id, verdict: 'wrong', operator: answer.operator }
  const wrong = describeInconsistency({ manifest, program, found })
  return { lines: [first, ...wrong.lines], data: { ...data, ...wrong.data } }
}
