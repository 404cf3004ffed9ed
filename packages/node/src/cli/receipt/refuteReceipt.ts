import type { Claim } from '@assay/protocol'
import { encodeReceiptContext } from '@assay/protocol/receipt'
import { getReceiptDispute } from '@assay/sdk'
import { findInconsistency, type Inconsistency, type Trace } from '@assay/tensor'
import { createEngine } from '@assay/tensor/fast'
import type { LoadedModel } from '@assay/tensor/node'
import { encodeElements } from '@assay/tensor/tflite'
import { bytesToHex } from 'viem'

import { commitmentOf } from '../../inputs/commitmentOf.ts'
import { proofCall } from '../../watcher/calls.ts'
import { needProgram } from '../chain/needProgram.ts'
import type { Scene } from '../chain/onChain.ts'
import type { Report } from '../chain/report.ts'
import { ConfigError } from '../errors.ts'
import { exitCodes } from '../exitCodes.ts'
import { describeInconsistency } from '../job/describeInconsistency.ts'
import { findTrace } from '../job/findTrace.ts'
import { openModel } from '../model/openModel.ts'
import { readElements } from '../model/readElements.ts'
import { type BoundReceipt, readBoundReceipt } from './bindReceipt.ts'
import { describePlace } from './describePlace.ts'
import { inflict, type PenaltyOptions } from './inflict.ts'
import { before } from './unlessBefore.ts'

export type RefuteReceiptOptions = PenaltyOptions & {
  model: string
  input: string
  /** File with the elements that were answered. */
  output?: string
  /** File with the trace. */
  trace?: string
  /** Where the operator is asked for the trace. */
  url?: string
}

/** Runs the model of a receipt again and, where its answer is wrong, proves that in one transaction. */
export async function refuteReceipt(
  scene: Scene,
  file: string,
  options: RefuteReceiptOptions,
): Promise<Report> {
  const { client, deployment } = scene
  scene.account()
  const bound = await readBoundReceipt(scene, file)
  const about = describePlace(bound)
  const { claim } = bound.document
  if (claim === undefined) {
    throw new ConfigError(`${file} does not show what was claimed: nothing can be refuted with it.`)
  }
  const { isRefuted } = await getReceiptDispute(client, { deployment, id: bound.id })
  if (isRefuted) return before(about)
  const model = await openModel(options.model)
  await needProgram(scene, claim.model, model.program)
  const input = await readInput(model, claim, options.input)
  const honest = createEngine(model.program, { unsupported: 'reference' }).commit(input)
  if (isRight(honest, claim)) return rightReport(about)
  const subject = { bound, claim, model, input, honest }
  const found = await findWrong(scene, subject, options)
  if (found === undefined) return withheldReport(about)
  return found === null ? rightReport(about) : prove(scene, subject, { ...found, options })
}

type Proof = { committed: Trace; inconsistency: Inconsistency; options: RefuteReceiptOptions }

function prove(
  scene: Scene,
  { bound, claim, model }: Subject,
  { committed, inconsistency, options }: Proof,
): Promise<Report> {
  const { deployment } = scene
  const { operator, fee } = bound.document.receipt
  const context = encodeReceiptContext({ ...bound.document, claim })
  const of = { program: model.program, committed }
  const data = proofCall([deployment.ledger, context], of, inconsistency)
  const about = describePlace(bound)
  const wrong = describeInconsistency({ ...model, found: inconsistency })
  const penalty = {
    ...{ operator, amount: fee, rewarded: scene.account().address },
    call: { to: deployment.tensorVerifier, data },
    about: {
      lines: [...about.lines, '  answer     is WRONG', ...wrong.lines],
      data: { ...about.data, verdict: 'wrong', ...wrong.data },
    },
  }
  return inflict(scene, penalty, options)
}

async function readInput({ manifest, program }: LoadedModel, claim: Claim, file: string) {
  const input = encodeElements(manifest.input, await readElements(file, manifest.input))
  if (commitmentOf(program, input) === claim.inputHash) return input
  throw new ConfigError(`${file} is not the input that the receipt is about.`)
}

/** A right output with a wrong trace is refuted like a wrong one. */
function isRight({ outputHash, evidenceHash }: Trace, claim: Claim) {
  return claim.outputHash === outputHash && claim.evidenceHash === evidenceHash
}

type Subject = {
  bound: BoundReceipt
  claim: Claim
  model: LoadedModel
  input: Uint8Array
  honest: Trace
}

/** Finds what is wrong in the trace; undefined if nobody shows it, null if nothing is. */
async function findWrong(
  scene: Scene,
  { bound, claim, model, input, honest }: Subject,
  { output, trace: file, url }: RefuteReceiptOptions,
) {
  const { manifest, program } = model
  const elements = output === undefined ? undefined : await readElements(output, manifest.output)
  const { operator, evidenceHash, outputHash } = claim
  const commitment = {
    ...{ operator, evidenceHash, claimId: bound.id, isSealed: false, url },
    output:
      elements === undefined
        ? ('0x' as const)
        : bytesToHex(encodeElements(manifest.output, elements)),
  }
  const committed = await findTrace(scene, { commitment, program, input, honest, file })
  if (committed === undefined) return undefined
  const inconsistency = findInconsistency({ program, trace: committed, outputHash })
  return inconsistency && { committed, inconsistency }
}

function rightReport({ lines, data }: Report): Report {
  return {
    lines: [...lines, 'the answer is right: there is nothing to prove'],
    data: { ...data, verdict: 'right' },
    exitCode: exitCodes.right,
  }
}

function withheldReport({ lines, data }: Report): Report {
  return {
    lines: [
      ...lines,
      'the answer is WRONG, and the operator does not show what it committed to',
      'name a file that has its trace with --trace, or, if only the output is wrong, --output',
    ],
    data: { ...data, verdict: 'withheld' },
    exitCode: exitCodes.withheld,
  }
}
