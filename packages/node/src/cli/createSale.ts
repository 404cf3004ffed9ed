import { tokenDomain } from '@assay/sdk'
import { createPaywall, type PaymentRecord, type Paywall } from '@assay/x402'
import { createWalletClient, custom } from 'viem'

import type { AssembleServingParameters } from './assembleServing.ts'

const topic = 'payment'

/** Creates what sells single answers by x402; nothing where the configuration does not ask for it. */
export async function createSale({
  config,
  client,
  journal,
  clock,
  operator,
}: Pick<
  AssembleServingParameters,
  'config' | 'client' | 'journal' | 'clock' | 'operator'
>): Promise<Paywall | undefined> {
  const { seller, serve, deployment } = config
  if (seller === undefined) return undefined
  const { chainId, token, startBlock } = deployment
  const { name = '', version = '' } = await tokenDomain(client, deployment)
  const { notes } = journal
  return createPaywall({
    ...{ publicClient: client, chainId, token, clock, fromBlock: BigInt(startBlock) },
    walletClient: createWalletClient({ account: seller, transport: custom(client) }),
    tokenDomain: { name, version },
    payTo: serve?.x402?.payTo ?? operator,
    store: {
      get(id) {
        const note = notes.get(topic, id)
        return note === undefined ? undefined : (JSON.parse(note) as PaymentRecord)
      },
      put: (id, record) => notes.put(topic, id, JSON.stringify(record)),
    },
  })
}
