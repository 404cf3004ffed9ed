import { operatorStakingAbi } from '@assay/protocol'
import { encodeFunctionData } from 'viem'

import type { SeenHead } from '../daemon/blockClock.ts'
import { planEffect } from '../daemon/planEffect.ts'
import { type OperatorContext, stakeKey } from './operator.ts'

/** Plans to activate stake whose delay is over. */
export function planActivations(context: OperatorContext, head: SeenHead) {
  const { backends, stakes, operator, deployment } = context
  for (const { modelVersion: model } of backends) {
    const stake = stakes.get(stakeKey(model, operator))
    if (stake === undefined || stake.pending === 0n || stake.activeAt > head.timestamp) continue
    const args = [deployment.market, model, operator] as const
    planEffect(context, {
      key: `${model}:activate:${stake.activeAt}`,
      kind: 'activate',
      to: deployment.staking,
      data: encodeFunctionData({ abi: operatorStakingAbi, functionName: 'activate', args }),
      subjects: [],
    })
  }
}
