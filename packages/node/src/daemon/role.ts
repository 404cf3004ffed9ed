import type { JobRecord } from '../book/records.ts'
import type { Intent } from '../journal/intent.ts'
import type { Revert } from '../transactions/revert.ts'
import type { AfterRevert, Review } from '../transactions/writer.ts'
import type { SeenHead } from './blockClock.ts'
import type { DaemonDependencies } from './daemon.ts'

/** What a daemon is for: what it wants of the chain. */
export type Role = {
  /** Plans effects. Called with every new block once history is read, and whenever the role asked to be woken. */
  plan: (head: SeenHead) => Promise<void>
  /** Whether a planned or pending effect is still wanted. */
  review: (intent: Intent, head: SeenHead) => Review
  afterRevert: (intent: Intent, revert: Revert) => AfterRevert
  /** Whether a job's story is over for this role; it is forgotten once that cannot be reorganised. */
  isOver: (record: JobRecord, head: SeenHead) => boolean
  /** Whether nothing is under way that a stop would harm. */
  isIdle: () => boolean
  /** Called when a reorganisation took back what plans were made from. */
  onRewind: () => void
  /** Called before the daemon ends. */
  stop: () => void
}

/** What a role gets from its daemon. */
export type RoleContext = DaemonDependencies & {
  /** Has `plan` called soon. */
  wake: () => void
  /** Whether the daemon is draining: nothing new should be begun. */
  isDraining: () => boolean
}
