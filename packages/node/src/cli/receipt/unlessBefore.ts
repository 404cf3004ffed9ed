import { decodeError, isRevert } from '@assay/sdk'
import type { Report } from '../chain/report.ts'

/** Runs what inflicts a penalty; one that was inflicted before is as good as done. */
export async function unlessBefore(about: Report, run: () => Promise<Report>): Promise<Report> {
  try {
    return await run()
  } catch (error) {
    if (!isRevert(decodeError(error), 'AlreadyProven')) throw error
    return before(about)
  }
}

/** Reports what was done before, by whomever. */
export function before({ lines, data }: Report): Report {
  return {
    lines: [...lines, 'proven before; nothing was sent'],
    data: { ...data, isBefore: true, transaction: null },
  }
}
