import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { type Job, jobIdOf } from '@assay/protocol'
import {
  findJob,
  getEscrowBalance,
  getJobStatus,
  postInput,
  prepareJob,
  requestJob as request,
  SaltReusedError,
  sealInput,
} from '@assay/sdk'
import { hashInput } from '@assay/tensor'
import { encodeElements } from '@assay/tensor/tflite'
import { bytesToHex, type Hash } from 'viem'

import { formatAmount, parseAmount, type Token } from '../chain/amounts.ts'
import { FundsMissingError } from '../chain/errors.ts'
import { formatTime } from '../chain/formatTime.ts'
import { needProgram } from '../chain/needProgram.ts'
import type { Scene } from '../chain/onChain.ts'
import type { ChainOptions } from '../chain/options.ts'
import type { Report } from '../chain/report.ts'
import { openModel } from '../model/openModel.ts'
import { readElements } from '../model/readElements.ts'
import { formatJobFile, readJobFile } from './jobFile.ts'
import { showJob } from './showJob.ts'

export type RequestJobOptions = ChainOptions & {
  model: string
  input: string
  fee: string
  feeMin?: string
  ramp?: number
  tau?: number
  answerWindow?: number
  challengeWindow?: number
  salt?: Hash
  save?: string
  /** Whether everybody has the input, the operators do, or only they can open it. */
  disclose: 'public' | 'posted' | 'sealed'
  wait?: true
}

/** Requests one answer of a model version out of the account's escrow balance. */
export async function requestJob(
  scene: Scene,
  options: RequestJobOptions & { version: Hash },
): Promise<Report> {
  const { deployment, token, note } = scene
  const { manifest, program } = await openModel(options.model)
  await needProgram(scene, options.version, program)
  const input = encodeElements(manifest.input, await readElements(options.input, manifest.input))
  const job = await jobOf(scene, options, hashInput(program, input))
  const id = jobIdOf({ ...deployment, job })
  await needEscrow(scene, job, id)
  const hash = await send(scene, job, { input, disclosure: options.disclose })
  if (options.wait === true) {
    note(`job ${id} waits for an answer until ${formatTime(job.deadline)}`)
    return showJob(scene, { id, model: options.model, wait: 'answered' })
  }
  return {
    lines: [
      `job ${id}`,
      hash === undefined ? 'requested before; nothing was sent' : `transaction ${hash}`,
      `fee ${feeOf(job, token)}, in escrow`,
      `answers until ${formatTime(job.deadline)}, each open to challenge for ${job.challengeWindow} s`,
    ],
    data: { id, version: job.model, transaction: hash ?? null, job },
  }
}

type Sent = { input: Uint8Array; disclosure: RequestJobOptions['disclose'] }

/** Requests the job, and sees that operators get its input; returns the transaction, if one was needed. */
async function send({ client, deployment, signal }: Scene, job: Job, { input, disclosure }: Sent) {
  const { model, inputHash } = job
  const about = { deployment, model, inputHash, input }
  const carried = {
    public: async () => bytesToHex(input),
    posted: async () => '0x' as const,
    sealed: () => sealInput(client, about),
  }
  const { hash } = await request(client, { deployment, job, input: await carried[disclosure]() })
  if (disclosure === 'posted') await postInput(client, { ...about, signal })
  return hash
}

function feeOf({ feeMin, feeMax }: Job, token: Token) {
  const most = formatAmount(feeMax, token)
  return feeMin === feeMax ? most : `${formatAmount(feeMin, token)} to ${most}`
}

/** The job that was kept, or was requested under the same salt; else one of the terms that were given. */
async function jobOf(
  scene: Scene,
  options: RequestJobOptions & { version: Hash },
  inputHash: Hash,
): Promise<Job> {
  const { client, deployment, token } = scene
  const { version: model, salt, save, fee, feeMin, input: _, disclose: __, ...terms } = options
  if (save !== undefined && existsSync(save)) return readJobFile(save, { model, inputHash })
  const payer = scene.account().address
  const found = salt && (await findJob(client, { deployment, payer, salt }))
  if (found !== undefined) {
    needSame(found, { model, inputHash })
    return found.job
  }
  const job = await prepareJob(client, {
    ...{ ...terms, deployment, model, inputHash, salt },
    feeMax: parseAmount(fee, token),
    feeMin: feeMin === undefined ? undefined : parseAmount(feeMin, token),
  })
  if (save !== undefined) await writeFile(save, formatJobFile(job))
  return job
}

/** Who asks something else under the same salt should not believe that it was asked. */
function needSame(found: { id: Hash; job: Job }, question: Pick<Job, 'model' | 'inputHash'>) {
  const { id, job } = found
  for (const field of ['model', 'inputHash'] as const) {
    const given = question[field]
    if (given === job[field]) continue
    throw new SaltReusedError({ id, salt: job.salt, field, given, found: job[field] })
  }
}

async function needEscrow({ client, deployment, token }: Scene, job: Job, id: Hash) {
  const { payer, feeMax } = job
  const [balance, status] = await Promise.all([
    getEscrowBalance(client, { deployment, payer }),
    getJobStatus(client, { deployment, id }),
  ])
  if (status !== 'None' || balance >= feeMax) return
  const held = `has ${formatAmount(balance, token)} in escrow`
  throw new FundsMissingError(payer, `${held}, the fee needs ${formatAmount(feeMax, token)}`, [
    '"assay deposit" puts tokens there.',
  ])
}
