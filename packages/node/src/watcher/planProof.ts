import type { Hex } from 'viem'

import { planEffect } from '../daemon/planEffect.ts'
import type { Case, WatcherContext } from './watcher.ts'

/** Plans a call that refutes a claim by itself. */
export function planProof(
  context: WatcherContext,
  { claimId }: Pick<Case, 'claimId'>,
  key: string,
  data: Hex,
) {
  const to = context.deployment.tensorVerifier
  planEffect(context, { key, kind: 'prove', to, data, subjects: [claimId] })
}
