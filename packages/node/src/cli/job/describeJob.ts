import type { JobEventArgs, JobEventName, JobRecord } from '@assay/sdk'

import { formatAmount, type Token } from '../chain/amounts.ts'
import { formatTime } from '../chain/formatTime.ts'
import type { Report } from '../chain/report.ts'

/** Describes a job as of the block that it was read at. */
export function describeJob(record: JobRecord, token: Token): Report {
  const { id, job, status, answer, transitions } = record
  const money = (amount: bigint) => formatAmount(amount, token)
  const refuted = eventOf(record, 'JobRefuted')
  const answered = answer && {
    claimId: answer.claimId,
    operator: answer.operator,
    output: answer.output,
    evidenceHash: answer.evidenceHash,
    fee: answer.fee,
    reserved: answer.reserved,
    challengeUntil: answer.challengeUntil,
    transaction: answer.transactionHash,
  }
  return {
    lines: [
      `job ${id}`,
      `  status     ${status}`,
      `  version    ${job.model}`,
      `  payer      ${job.payer}, up to ${money(job.feeMax)}`,
      ...(answered === undefined
        ? [`  deadline   ${formatTime(job.deadline)}`]
        : [
            `  operator   ${answered.operator}, for ${money(answered.fee)}, ${money(answered.reserved)} at stake`,
            `  challenge  until ${formatTime(answered.challengeUntil)}`,
            `  output     ${shorten(answered.output)}`,
          ]),
      ...(refuted === undefined ? [] : refutationLines(refuted, money)),
    ],
    data: {
      ...{ id, status, version: job.model, payer: job.payer, job },
      answer: answered ?? null,
      refutation: refuted ?? null,
      events: transitions.map(({ name, blockNumber, transactionHash }) => ({
        ...{ name, block: blockNumber, transaction: transactionHash },
      })),
    },
  }
}

/** Arguments of the first event of a name, without the job's id. */
export function eventOf<name extends JobEventName>(
  { transitions }: JobRecord,
  name: name,
): Omit<JobEventArgs<name>, 'id'> | undefined {
  const found = transitions.find((entry) => entry.name === name)
  if (found === undefined) return undefined
  const { id: _, ...args } = found.args
  // `find` compared the name, with which the arguments go.
  return args as Omit<JobEventArgs<name>, 'id'>
}

/** Who refuted an answer, what the operator lost, and what the payer got back. */
export function refutationLines(
  { refuter, slashed, refund }: Omit<JobEventArgs<'JobRefuted'>, 'id'>,
  money: (amount: bigint) => string,
): string[] {
  return [
    `  refuted    by ${refuter}`,
    `  slashed    ${money(slashed)} of the operator's stake`,
    `  refund     ${money(refund)} to the payer`,
  ]
}

function shorten(hex: string) {
  return hex.length > 66 ? `${hex.slice(0, 66)}… (${hex.length / 2 - 1} bytes)` : hex
}
