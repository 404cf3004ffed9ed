import type { JobStatus } from '@assay/protocol'

/** What a job's slot stores. */
export type StoredStatus = 'Open' | 'Committed' | 'Answered' | 'Settled' | 'Refuted' | 'Expired'

export type StatusAsOfParameters = {
  storedStatus: StoredStatus
  openChallenges: number
  finalAt: bigint
  /** Unix time in seconds. */
  asOf: bigint
}

/** Returns the status that the market would return at a time: an answer becomes final without a transaction. */
export function statusAsOf(parameters: StatusAsOfParameters): JobStatus {
  const { storedStatus, openChallenges, finalAt, asOf } = parameters
  if (storedStatus === 'Settled') return 'Final'
  if (storedStatus !== 'Answered') return storedStatus
  if (openChallenges > 0) return 'Challenged'
  return asOf >= finalAt ? 'Final' : 'Answered'
}
