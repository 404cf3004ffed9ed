import { fundTab as fund, getEscrowBalance, getTab, signTabOrder } from '@assay/sdk'
import type { Address } from 'viem'

import { formatAmount, parseAmount } from '../chain/amounts.ts'
import { FundsMissingError } from '../chain/errors.ts'
import type { Scene } from '../chain/onChain.ts'
import type { Report } from '../chain/report.ts'
import { showChangedTab } from './showTab.ts'

export type FundTabParameters = {
  operator: Address
  /** Tokens that the tab shall have been funded with in all. */
  total: string
}

/** Funds the sender's tab up to a total; does nothing where it was funded with as much. */
export async function fundTab(
  scene: Scene,
  { operator, total: text }: FundTabParameters,
): Promise<Report> {
  const { client, deployment, token } = scene
  const total = parseAmount(text, token)
  const payer = scene.account().address
  const { funded, epoch } = await getTab(client, { deployment, operator, payer })
  if (total <= funded) return showChangedTab(scene, operator, { hash: undefined })
  await needBalance(scene, total - funded)
  const order = await signTabOrder(client, { deployment, operator, total, epoch })
  const { hash } = await fund(client, { deployment, order })
  return showChangedTab(scene, operator, { hash })
}

/** Sees that the account has what is about to be taken from its balance with the ledger. */
export async function needBalance(scene: Scene, needed: bigint): Promise<void> {
  const { client, deployment, token } = scene
  const payer = scene.account().address
  const balance = await getEscrowBalance(client, { deployment, payer, spender: deployment.ledger })
  if (balance >= needed) return
  const held = `has ${formatAmount(balance, token)} in escrow for receipts`
  throw new FundsMissingError(payer, `${held}, needed ${formatAmount(needed, token)}`, [
    '"assay deposit AMOUNT --for receipts" puts tokens there.',
  ])
}
