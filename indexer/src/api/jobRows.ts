import { and, asc, eq, gt, gte, lt, type ReadonlyDrizzle } from 'ponder'
import { isAddress, isHex } from 'viem'
import { z } from 'zod'

import type * as schema from '../../ponder.schema.ts'
import { answer, job, jobStatus, settlement } from '../../ponder.schema.ts'

const hex = z.string().refine(isHex, 'not hex')
const address = z.string().refine((value) => isAddress(value, { strict: false }), 'not an address')
const time = z.string().regex(/^\d+$/, 'not a time in Unix seconds').transform(BigInt)

/** What selects jobs: all conditions hold. */
export const jobFilterSchema = z.strictObject({
  operator: address.optional(),
  payer: address.optional(),
  version: hex.optional(),
  status: z.enum(jobStatus.enumValues).optional(),
  /** Requested at this time or later. */
  from: time.optional(),
  /** Requested before this time. */
  to: time.optional(),
  /** Only what follows the row with this `position`. */
  after: z.string().optional(),
})

export type JobFilter = z.output<typeof jobFilterSchema>

/** Columns of a row: the job, the status by the clock, the claim and its settlement. */
const columns = {
  position: job.position,
  id: job.id,
  payer: job.payer,
  version: job.version,
  operator: job.operator,
  status: settlement.status,
  asOf: settlement.asOf,
  inputHash: job.inputHash,
  outputHash: answer.outputHash,
  evidenceHash: answer.evidenceHash,
  claimId: job.claimId,
  claimHash: answer.claimHash,
  settlementHash: answer.settlementHash,
  verifier: job.verifier,
  feeMin: job.feeMin,
  feeMax: job.feeMax,
  fee: job.fee,
  protocolFee: job.protocolFee,
  reserved: job.reserved,
  refund: job.refund,
  parametersId: job.parametersId,
  deadline: job.deadline,
  requestedAt: job.time,
  answeredAt: job.answeredAt,
  finalAt: job.finalAt,
  settledAt: job.settledAt,
  refutedAt: job.refutedAt,
  expiredAt: job.expiredAt,
  block: job.block,
  transaction: job.transaction,
}

/** Names of the columns, in order. */
export const jobColumns = Object.keys(columns) as (keyof typeof columns)[]

const pageRows = 500

function conditionsOf(filter: JobFilter): ReturnType<typeof eq>[] {
  const { operator, payer, version, status, from, to } = filter
  return [
    ...(operator === undefined ? [] : [eq(job.operator, lower(operator))]),
    ...(payer === undefined ? [] : [eq(job.payer, lower(payer))]),
    ...(version === undefined ? [] : [eq(job.version, lower(version))]),
    ...(status === undefined ? [] : [eq(settlement.status, status)]),
    ...(from === undefined ? [] : [gte(job.time, from)]),
    ...(to === undefined ? [] : [lt(job.time, to)]),
  ]
}

function lower(value: string) {
  return value.toLowerCase() as `0x${string}`
}

async function readPage(db: ReadonlyDrizzle<typeof schema>, filter: JobFilter, after: string) {
  return await db
    .select(columns)
    .from(job)
    .innerJoin(settlement, eq(settlement.id, job.id))
    .leftJoin(answer, eq(answer.claimId, job.claimId))
    .where(and(...conditionsOf(filter), gt(job.position, after)))
    .orderBy(asc(job.position))
    .limit(pageRows)
}

export type JobRow = Awaited<ReturnType<typeof readPage>>[number]

/** Yields jobs in the order of their requests, a page at a time, so that no export outgrows memory. */
export async function* readJobs(
  db: ReadonlyDrizzle<typeof schema>,
  filter: JobFilter,
): AsyncGenerator<JobRow[]> {
  let after = filter.after ?? ''
  while (true) {
    const page = await readPage(db, filter, after)
    if (page.length > 0) yield page
    if (page.length < pageRows) return
    after = page.at(-1)!.position
  }
}
