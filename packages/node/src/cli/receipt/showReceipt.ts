import {
  type GetLedgerTermsReturnType,
  type GetReceiptDisputeReturnType,
  getLedgerTerms,
  getPenalty,
  getReceiptDispute,
  getTab,
} from '@assay/sdk'
import { type Hash, isHash } from 'viem'

import { formatAmount } from '../chain/amounts.ts'
import { formatTime } from '../chain/formatTime.ts'
import type { Scene } from '../chain/onChain.ts'
import type { ChainOptions } from '../chain/options.ts'
import type { Report } from '../chain/report.ts'
import { exitCodes } from '../exitCodes.ts'
import { type BoundReceipt, bindReceipt } from './bindReceipt.ts'
import { describePlace } from './describePlace.ts'
import { ReceiptMismatchError } from './errors.ts'
import { type FetchedReceipt, fetchReceipt } from './fetchReceipt.ts'
import { findCollections, statusOf } from './findCollections.ts'
import { placeInBatch } from './placeInBatch.ts'
import { readReceiptFile } from './readReceiptFile.ts'

export type ShowReceiptOptions = ChainOptions & { url?: string }

/** Shows what the chain says of a receipt: whom it binds and until when, what was collected, who disputes it. */
export async function showReceipt(
  scene: Scene,
  named: string,
  { url }: ShowReceiptOptions,
): Promise<Report> {
  const { client, deployment, signal } = scene
  const kept = isHash(named) ? undefined : await bindFile(scene, named)
  const id = kept?.id ?? (named.toLowerCase() as Hash)
  const { fetch } = globalThis
  const fetched = url === undefined ? undefined : await fetchReceipt({ url, id, fetch, signal })
  const shown = fetched && (await bindReceipt(scene, fetched.document))
  // Who is asked by an id may answer with anything.
  if (shown !== undefined && shown.id !== id) throw new ReceiptMismatchError('id', shown.id, id)
  const bound = kept ?? shown
  const dispute = await getReceiptDispute(client, { deployment, id })
  if (bound === undefined) return disputeReport(id, dispute, url)
  const parts = [
    await liabilityOf(scene, bound),
    await moneyOf(scene, bound),
    await batchOf(scene, bound, { url, fetched }),
    { lines: disputeLines(dispute), data: { dispute: dataOf(dispute) } },
  ]
  const place = describePlace(bound)
  return {
    lines: [...place.lines, ...parts.flatMap(({ lines }) => lines)],
    data: Object.assign({}, place.data, ...parts.map(({ data }) => data)),
    ...(bound.isBinding ? {} : { exitCode: exitCodes.unsound }),
  }
}

async function bindFile(scene: Scene, file: string) {
  const { document } = await readReceiptFile(file)
  return bindReceipt(scene, document)
}

function disputeReport(id: Hash, dispute: GetReceiptDisputeReturnType, url?: string): Report {
  const missing = url === undefined ? 'name its file or --url to see more' : 'not known there'
  return {
    lines: [`receipt ${id}`, ...disputeLines(dispute), missing],
    data: { id, dispute: dataOf(dispute) },
  }
}

async function liabilityOf({ client, deployment, token }: Scene, bound: BoundReceipt) {
  const { signer, isBinding, document } = bound
  const { fee, issuedAt } = document.receipt
  const [terms, penalty] = await Promise.all([
    getLedgerTerms(client, { deployment }),
    getPenalty(client, { deployment, amount: fee }),
  ])
  const times = timesOf(terms, issuedAt)
  const binds = isBinding ? 'binds the operator' : 'does NOT bind the operator'
  return {
    lines: [
      `  signer     ${signer ?? 'nobody'}, ${binds}`,
      `  issued     ${formatTime(issuedAt)}`,
      `  liable     until ${formatTime(times.liableUntil)}, for ${formatAmount(penalty, token)} a penalty`,
      `  refutable  until ${formatTime(times.refutableUntil)}`,
      `  demand     from ${formatTime(times.demandableAt)} on`,
    ],
    data: { signer: signer ?? null, isBinding, issuedAt, ...times, penalty },
  }
}

function timesOf(terms: GetLedgerTermsReturnType, issuedAt: bigint) {
  const { horizon, demandWindow, challengeWindow } = terms
  return {
    liableUntil: issuedAt + BigInt(horizon + demandWindow),
    refutableUntil: issuedAt + BigInt(challengeWindow),
    demandableAt: issuedAt + BigInt(horizon),
  }
}

async function moneyOf({ client, deployment, token }: Scene, { document }: BoundReceipt) {
  const { fee, cumulativeFee, operator, payer } = document.receipt
  const { left, spent } = await getTab(client, { deployment, operator, payer })
  const isPaid = spent >= cumulativeFee
  const money = (amount: bigint) => formatAmount(amount, token)
  return {
    lines: [
      `  fee        ${money(fee)}, ${money(cumulativeFee)} in all, ${isPaid ? 'collected' : 'not collected'}`,
      `  tab        ${money(left)} left, ${money(spent)} collected in all`,
    ],
    data: { fee, cumulativeFee, isCollected: isPaid, tab: { left, spent } },
  }
}

type Asked = { url: string | undefined; fetched: FetchedReceipt | undefined }

/** Up to where the channel is collected, by which batch this receipt was, and in which it is. */
async function batchOf(
  scene: Scene,
  bound: BoundReceipt,
  { url, fetched }: Asked,
): Promise<Report> {
  const found = await findCollections(scene, bound)
  const { sequence, cumulativeFee } = bound.document.receipt
  const last = found.at(-1)?.collection
  const own = found.find(
    ({ collection }) =>
      collection.sequence >= sequence && collection.cumulativeFee >= cumulativeFee,
  )
  const upTo = last && { sequence: last.sequence, cumulativeFee: last.cumulativeFee }
  const by = own && {
    batch: own.batch.number,
    status: await statusOf(scene, own),
    transaction: own.hash,
  }
  const placed = fetched && (await placeInBatch(scene, bound, fetched.placement))
  return {
    lines: [
      `  collected  ${last === undefined ? 'nothing' : `up to answer ${last.sequence}`} of the channel`,
      ...(by === undefined ? [] : [`  by         batch ${by.batch}, ${by.status.toLowerCase()}`]),
      ...(url === undefined
        ? []
        : (placed?.lines ?? ['  batch      the receipt is not known there'])),
    ],
    data: { collectedUpTo: upTo ?? null, collectedBy: by ?? null, ...placed?.data },
  }
}

function disputeLines(dispute: GetReceiptDisputeReturnType): string[] {
  const { demand, openChallenges, isRefunded } = dispute
  const struck = [
    ...(dispute.isEquivocated ? ['equivocation'] : []),
    ...(dispute.isOmitted ? ['omission'] : []),
    ...(dispute.isRefuted ? ['a wrong answer'] : []),
  ]
  return [
    `  struck     ${struck.length === 0 ? 'by no penalty' : `for ${struck.join(', ')}`}${isRefunded ? ', refunded' : ''}`,
    ...(openChallenges === 0 ? [] : [`  disputed   ${openChallenges} open challenges`]),
    ...(demand === undefined
      ? []
      : [`  demanded   by ${demand.demander}, until ${formatTime(demand.deadline)}`]),
  ]
}

function dataOf({ demand, ...dispute }: GetReceiptDisputeReturnType) {
  return { ...dispute, demand: demand ?? null }
}
