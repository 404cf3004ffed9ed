import { getOperator } from '@assay/sdk'
import type { Address } from 'viem'

import { createOperatorClient } from '../../watcher/createOperatorClient.ts'
import type { Scene } from '../chain/onChain.ts'

/** Milliseconds after which an operator counts as not serving. */
const timeoutMs = 10_000

/** Returns where an operator can be asked, and what asks it. */
export async function operatorOf({ client, deployment }: Scene, operator: Address) {
  const record = await getOperator(client, { deployment, operator })
  const operators = createOperatorClient({ fetch: globalThis.fetch, timeoutMs })
  return { endpoint: record?.endpoint ?? '', operators }
}
