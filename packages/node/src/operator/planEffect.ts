import type { Intent, IntentPlan } from '../journal/intent.ts'
import type { OperatorContext } from './operator.ts'

/** Whether an effect may be planned: it never was, or came to nothing fewer than `maxAttempts` times. */
export function isPlannable(existing: Intent | undefined, maxAttempts = 1): boolean {
  if (existing === undefined) return true
  const isClosed = existing.state === 'abandoned' || existing.state === 'dropped'
  return isClosed && existing.attempts < maxAttempts
}

/** Writes an effect down and tells; does nothing about one that is under way or done. */
export function planEffect(
  { journal, observe }: Pick<OperatorContext, 'journal' | 'observe'>,
  plan: IntentPlan,
  maxAttempts = 1,
) {
  if (!isPlannable(journal.intents.find(plan.key), maxAttempts)) return
  observe({ type: 'planned', intent: journal.intents.plan(plan, { revive: true }) })
}
