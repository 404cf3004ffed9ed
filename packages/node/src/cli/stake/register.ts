import { encryptionKeyOf as publicKeyOf } from '@assay/protocol/envelope'
import { getOperator, registerOperator } from '@assay/sdk'
import { type Address, type Hex, zeroHash } from 'viem'

import type { Scene } from '../chain/onChain.ts'
import type { ChainOptions } from '../chain/options.ts'
import type { Report } from '../chain/report.ts'

export type RegisterOptions = ChainOptions & {
  endpoint?: string
  signer?: Address
  payout?: Address
  /** X25519 public key, or `own` for the one that belongs to the key. */
  encryptionKey?: Hex | 'own'
}

/** Sets how an operator is reached and paid; what is not given stays as it was. */
export async function register(scene: Scene, options: RegisterOptions): Promise<Report> {
  const { client, deployment } = scene
  const operator = scene.account().address
  const { endpoint, signer, payout } = options
  const before = await getOperator(client, { deployment, operator })
  const { hash } = await registerOperator(client, {
    ...before,
    ...{ deployment, endpoint: endpoint ?? before?.endpoint },
    ...{ signer: signer ?? before?.signer, payout: payout ?? before?.payout },
    encryptionKey: (await encryptionKeyOf(scene, options)) ?? before?.encryptionKey,
  })
  const record = await getOperator(client, { deployment, operator })
  return {
    lines: [
      `operator ${operator}`,
      `  endpoint  ${record?.endpoint || 'none'}`,
      `  signer    ${record?.signer}`,
      `  payout    ${record?.payout}`,
      `  sealed    ${record?.encryptionKey === zeroHash ? 'not taken' : record?.encryptionKey}`,
      `transaction ${hash}`,
    ],
    data: { operator, ...record, transaction: hash },
  }
}

async function encryptionKeyOf(scene: Scene, { encryptionKey }: RegisterOptions) {
  if (encryptionKey !== 'own') return encryptionKey
  // Whoever sends has named a key.
  return publicKeyOf(await scene.encryptionKeys!())
}
