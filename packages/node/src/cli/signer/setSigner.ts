import { getReceiptSigner, setReceiptSigner } from '@assay/sdk'
import { type Address, maxUint64 } from 'viem'

import type { Scene } from '../chain/onChain.ts'
import type { Report } from '../chain/report.ts'
import { showSigner } from './showSigner.ts'

export type SetSignerParameters = { signer: Address; isActive: boolean }

/** Lets a key sign receipts for the sender, or ends that; does nothing where it stands so already. */
export async function setSigner(
  scene: Scene,
  { signer, isActive }: SetSignerParameters,
): Promise<Report> {
  const { client, deployment } = scene
  const operator = scene.account().address
  const { until } = await getReceiptSigner(client, { deployment, operator, signer })
  // A key that never signed is not removed either: the contract says so.
  const isSet = isActive ? until === maxUint64 : until !== 0n && until !== maxUint64
  const hash = isSet
    ? null
    : (await setReceiptSigner(client, { deployment, signer, active: isActive })).hash
  const { lines, data } = await showSigner(scene, signer, {})
  return {
    lines: [...lines, hash === null ? 'so before; nothing was sent' : `transaction ${hash}`],
    data: { ...data, transaction: hash },
  }
}
