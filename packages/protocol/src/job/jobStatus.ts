/** Where a job stands, in the order of `JobStatus` in `contracts/types/Job.sol`. */
export const jobStatuses = [
  'None',
  'Open',
  'Committed',
  'Answered',
  'Challenged',
  'Final',
  'Refuted',
  'Expired',
] as const

export type JobStatus = (typeof jobStatuses)[number]
