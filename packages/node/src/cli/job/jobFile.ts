import type { Job } from '@assay/protocol'
import { type Hash, isHash } from 'viem'
import { z } from 'zod'

import { formatJson } from '../chain/report.ts'
import { address, amount } from '../chainConfig.ts'
import { parseConfig } from '../config.ts'
import { ConfigError } from '../errors.ts'

const hash = z.custom<Hash>((value) => typeof value === 'string' && isHash(value), 'not 32 bytes')
const seconds = z.number().int().nonnegative()

/** A job as it is kept; amounts and times of the chain are text. */
const jobSchema: z.ZodType<Job> = z.strictObject({
  payer: address,
  model: hash,
  inputHash: hash,
  verifier: address,
  feeMin: amount,
  feeMax: amount,
  ramp: seconds,
  tau: seconds,
  deadline: amount,
  challengeWindow: seconds,
  parametersId: seconds,
  callbackGas: seconds,
  callback: address,
  salt: hash,
})

/** Writes a job as text. */
export function formatJobFile(job: Job): string {
  return `${formatJson(job)}\n`
}

/** Reads a job that was kept, which has to be about the same question. */
export function readJobFile(file: string, question: Pick<Job, 'model' | 'inputHash'>): Job {
  const job = parseConfig(file, jobSchema)
  if (job.model === question.model && job.inputHash === question.inputHash) return job
  throw new ConfigError(`${file} keeps a job about another model version or input.`)
}
