import { getLedgerTerms, getReceiptDispute, submit } from '@assay/sdk'
import { formatEther } from 'viem'

import { formatAmount } from '../chain/amounts.ts'
import { formatTime } from '../chain/formatTime.ts'
import type { Scene } from '../chain/onChain.ts'
import type { Report } from '../chain/report.ts'
import { needBalance } from '../tab/fundTab.ts'
import { type BoundReceipt, readBoundReceipt } from './bindReceipt.ts'
import { describePlace } from './describePlace.ts'
import { type PenaltyOptions, priceOf } from './inflict.ts'
import { ledgerCall } from './ledgerCall.ts'
import { unlessBefore } from './unlessBefore.ts'

/** Demands that an operator show in which batch a receipt is; does nothing where that is demanded already. */
export async function demandReceipt(
  scene: Scene,
  file: string,
  options: PenaltyOptions,
): Promise<Report> {
  const bound = await readBoundReceipt(scene, file)
  const about = await describe(scene, bound)
  if (about.data.deadline === null) {
    return unlessBefore(about, () => send(scene, bound, { ...options, about }))
  }
  return {
    lines: [...about.lines, 'demanded before; nothing was sent'],
    data: { ...about.data, transaction: null },
  }
}

async function send(
  scene: Scene,
  bound: BoundReceipt,
  { dryRun, about }: PenaltyOptions & { about: Report },
): Promise<Report> {
  const { client, deployment, token, note } = scene
  const { demandBond: bond } = await getLedgerTerms(client, { deployment })
  await needBalance(scene, bond)
  const call = ledgerCall(scene, 'demand', [bound.document])
  const { gas, cost } = await priceOf(scene, call)
  const stake = `  bond       ${formatAmount(bond, token)}, lost if the operator shows the receipt in a batch`
  const intent = [...about.lines, stake, `  costs      ${gas} gas, ${formatEther(cost)} ETH`]
  if (dryRun === true) {
    const lines = [...intent, 'nothing was sent']
    return { lines, data: { ...about.data, bond, gas, cost, transaction: null } }
  }
  note(intent.join('\n'))
  const { hash, receipt } = await submit(client, { deployment, ...call })
  const { lines, data } = await describe(scene, bound)
  return {
    lines: [...lines, stake, `  demanded   transaction ${hash}`],
    data: { ...data, bond, gas: receipt.gasUsed, transaction: hash },
  }
}

async function describe({ client, deployment }: Scene, bound: BoundReceipt): Promise<Report> {
  const { lines, data } = describePlace(bound)
  const { demand } = await getReceiptDispute(client, { deployment, id: bound.id })
  if (demand === undefined) return { lines, data: { ...data, demander: null, deadline: null } }
  const { demander, deadline } = demand
  const until = `  deadline   ${formatTime(deadline)}, after which "assay receipt omission" strikes`
  return { lines: [...lines, until], data: { ...data, demander, deadline } }
}
