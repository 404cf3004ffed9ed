import type { Intent, IntentPlan } from '../journal/intent.ts'
import type { Journal } from '../journal/openJournal.ts'

/** Whether an effect may be planned: it never was, or came to nothing fewer than `maxAttempts` times. */
export function isPlannable(existing: Intent | undefined, maxAttempts = 1): boolean {
  if (existing === undefined) return true
  const isClosed = existing.state === 'abandoned' || existing.state === 'dropped'
  return isClosed && existing.attempts < maxAttempts
}

export type PlanEffectContext = {
  journal: Pick<Journal, 'intents'>
  observe: (event: { type: 'planned'; intent: Intent }) => void
}

/** Writes an effect down and tells; does nothing about one that is under way or done. */
export function planEffect(
  { journal, observe }: PlanEffectContext,
  plan: IntentPlan,
  maxAttempts = 1,
) {
  if (!isPlannable(journal.intents.find(plan.key), maxAttempts)) return
  observe({ type: 'planned', intent: journal.intents.plan(plan, { revive: true }) })
}
