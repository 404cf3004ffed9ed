import type { Job } from './job.ts'

export type FeeAtParameters = {
  job: Pick<Job, 'feeMin' | 'feeMax' | 'ramp'>
  /** Unix time in seconds of the block that holds the request. */
  requestedAt: bigint
  /** Unix time in seconds of the answer. */
  timestamp: bigint
}

/** Returns the fee of a job at a time, before the protocol's part: it rises linearly over `ramp` seconds. */
export function feeAt({ job, requestedAt, timestamp }: FeeAtParameters): bigint {
  const elapsed = timestamp > requestedAt ? timestamp - requestedAt : 0n
  const ramp = BigInt(job.ramp)
  if (elapsed >= ramp) return job.feeMax
  return job.feeMin + ((job.feeMax - job.feeMin) * elapsed) / ramp
}
