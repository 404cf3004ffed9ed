import { getEscrowBalance, getTab } from '@assay/sdk'
import type { Address } from 'viem'

import { formatAmount } from '../chain/amounts.ts'
import { formatTime } from '../chain/formatTime.ts'
import type { Scene } from '../chain/onChain.ts'
import type { ChainOptions } from '../chain/options.ts'
import type { Report } from '../chain/report.ts'

export type TabOptions = ChainOptions & { payer?: Address }

/** Shows what a payer set aside for an operator, and what it could add. */
export async function showTab(
  { client, deployment, token, account }: Scene,
  operator: Address,
  options: TabOptions = {},
): Promise<Report> {
  const payer = options.payer ?? account().address
  const [tab, balance] = await Promise.all([
    getTab(client, { deployment, operator, payer }),
    getEscrowBalance(client, { deployment, payer, spender: deployment.ledger }),
  ])
  const { funded, spent, left, thawedAt, epoch } = tab
  const money = (amount: bigint) => formatAmount(amount, token)
  return {
    lines: [
      `tab of ${payer} with ${operator}`,
      `  left      ${money(left)}`,
      `  funded    ${money(funded)} in all`,
      `  spent     ${money(spent)} in all`,
      ...(thawedAt === undefined ? [] : [`  ends      ${formatTime(thawedAt)}`]),
      `  closed    ${epoch === 0 ? 'never' : `${epoch} times`}`,
      `  balance   ${money(balance)} more for tabs`,
    ],
    data: { payer, operator, funded, spent, left, thawedAt: thawedAt ?? null, epoch, balance },
  }
}

/** Shows a tab after a command, and the transaction that changed it, if one was needed. */
export async function showChangedTab(
  scene: Scene,
  operator: Address,
  { hash, options }: { hash: `0x${string}` | undefined; options?: TabOptions },
): Promise<Report> {
  const { lines, data } = await showTab(scene, operator, options)
  const done = hash === undefined ? 'so before; nothing was sent' : `transaction ${hash}`
  return { lines: [...lines, done], data: { ...data, transaction: hash ?? null } }
}
