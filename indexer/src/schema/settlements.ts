import { bigint, hex, onchainEnum, onchainView, sql, text } from 'ponder'

import { named } from './head.ts'
import { job } from './jobs.ts'

/** `JobStatus` of the contracts. */
export const jobStatus = onchainEnum('job_status', [
  'Open',
  'Committed',
  'Answered',
  'Challenged',
  'Final',
  'Refuted',
  'Expired',
])

/**
 * Settlement history: jobs with the status that the market would return in the newest indexed block, whose time is
 * `asOf`. An answer becomes final without a transaction, so its status is a matter of the clock and stored nowhere.
 */
export const settlement = onchainView('settlement', {
  id: hex('id').notNull(),
  position: text('position').notNull(),
  payer: hex('payer').notNull(),
  version: hex('version').notNull(),
  operator: hex('operator'),
  status: jobStatus('status').notNull(),
  asOf: bigint('as_of').notNull(),
  escrowed: bigint('escrowed').notNull(),
  fee: bigint('fee').notNull(),
  protocolFee: bigint('protocol_fee').notNull(),
  refund: bigint('refund').notNull(),
  requestedAt: bigint('requested_at').notNull(),
  answeredAt: bigint('answered_at'),
  finalAt: bigint('final_at').notNull(),
  settledAt: bigint('settled_at'),
  refutedAt: bigint('refuted_at'),
  expiredAt: bigint('expired_at'),
}).as(sql`
  select
    job.id, job.position, job.payer, job.version, job.operator,
    (case
      when job.stored_status = 'Settled' then 'Final'
      when job.stored_status <> 'Answered' then job.stored_status::text
      when job.open_challenges > 0 then 'Challenged'
      when job.final_at <= clock.as_of then 'Final'
      else 'Answered'
    end)::${named('job_status')} as status,
    clock.as_of, job.fee_max as escrowed, job.fee, job.protocol_fee, job.refund,
    job.time as requested_at, job.answered_at, job.final_at, job.settled_at, job.refuted_at, job.expired_at
  from ${job} as job
  cross join (
    select max(substr(latest_checkpoint, 1, 10)::numeric(78)) as as_of from ${named('_ponder_checkpoint')}
  ) as clock
`)
