import { encodeOrderHeader } from '@assay/protocol/http'
import { signTabOrder } from '@assay/sdk'

import { formatAmount, parseAmount } from '../chain/amounts.ts'
import type { Scene } from '../chain/onChain.ts'
import { formatJson, type Report } from '../chain/report.ts'
import type { FundTabParameters } from './fundTab.ts'

/** Signs an order to fund the payer's tab, for anybody to send. */
export async function orderTab(
  scene: Scene,
  { operator, total: text }: FundTabParameters,
): Promise<Report> {
  const { client, deployment, token, note } = scene
  const total = parseAmount(text, token)
  const order = await signTabOrder(client, {
    deployment,
    operator,
    total,
    account: scene.account(),
  })
  note(
    `whoever has this may fund the tab up to ${formatAmount(total, token)} in all, until it is closed`,
  )
  return { lines: [formatJson(order)], data: { ...order, header: encodeOrderHeader(order) } }
}
