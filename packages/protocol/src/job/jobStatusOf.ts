import { BaseError } from '../errors/BaseError.ts'
import { type JobStatus, jobStatuses } from './jobStatus.ts'

export class UnknownJobStatusError extends BaseError {
  override name = 'UnknownJobStatusError'

  constructor({ code }: { code: number }) {
    super(`The market returned job status ${code}, which is none of 0–${jobStatuses.length - 1}.`)
  }
}

/** Returns the name of a status that the market returned as a number. */
export function jobStatusOf(code: number): JobStatus {
  const status = jobStatuses[code]
  if (status === undefined) throw new UnknownJobStatusError({ code })
  return status
}
