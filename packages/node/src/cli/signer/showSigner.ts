import { getReceiptSigner } from '@assay/sdk'
import { type Address, isAddressEqual, maxUint64 } from 'viem'

import { formatTime } from '../chain/formatTime.ts'
import type { Scene } from '../chain/onChain.ts'
import type { ChainOptions } from '../chain/options.ts'
import type { Report } from '../chain/report.ts'

export type ShowSignerOptions = ChainOptions & { operator?: Address }

/** Shows which receipts of a key bind an operator. */
export async function showSigner(
  { client, deployment, account }: Scene,
  signer: Address,
  options: ShowSignerOptions,
): Promise<Report> {
  const operator = options.operator ?? account().address
  const { until } = await getReceiptSigner(client, { deployment, operator, signer })
  return {
    lines: [`${signer} as signer of ${operator}: ${stateOf(until, signer, operator)}`],
    data: { operator, signer, isActive: until === maxUint64, until },
  }
}

function stateOf(until: bigint, signer: Address, operator: Address) {
  if (isAddressEqual(signer, operator)) return "the operator's own key, which always binds"
  if (until === maxUint64) return 'its receipts bind'
  if (until === 0n) return 'never was one; its receipts bind nobody'
  return `removed; receipts issued before ${formatTime(until)} bind`
}
