import type { Report } from '../chain/report.ts'
import type { BoundReceipt } from './bindReceipt.ts'

/** Says which receipt something is about. */
export function describePlace({ id, document }: BoundReceipt): Report {
  const { operator, payer, sequence } = document.receipt
  return {
    lines: [
      `receipt ${id}`,
      `  operator   ${operator}`,
      `  payer      ${payer}, answer ${sequence} of the channel`,
    ],
    data: { id, operator, payer, sequence },
  }
}
