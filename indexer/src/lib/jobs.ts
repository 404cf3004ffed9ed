import { exposure, job, jobTransition } from 'ponder:schema'
import type { Address, Hex } from 'viem'

import type { Db, Handled, LogEventNames } from './on.ts'

export type JobRow = typeof job.$inferSelect

type StoredStatus = JobRow['storedStatus']

export type Transition = {
  /** Event that made the change. */
  event: string
  /** Status that the job's slot holds after it. */
  storedStatus: StoredStatus
  actor?: Address
}

/** Keeps a change of a job. */
export async function addTransition(
  { db, at, id }: Pick<Handled<LogEventNames>, 'db' | 'at' | 'id'>,
  jobId: Hex,
  { event, storedStatus, actor }: Transition,
): Promise<void> {
  await db
    .insert(jobTransition)
    .values({ id, job: jobId, event, storedStatus, actor: actor ?? null, ...at })
    .onConflictDoNothing()
}

/** Moves a known job to a status, with what else changed, and keeps the change. */
export async function moveJob(
  handled: Pick<Handled<LogEventNames>, 'db' | 'at' | 'id'>,
  before: JobRow,
  transition: Transition,
  set: Partial<JobRow> = {},
): Promise<void> {
  const { storedStatus } = transition
  await handled.db.update(job, { id: before.id }).set({ ...set, storedStatus })
  await addTransition(handled, before.id, transition)
}

/** Adds to what an operator has reserved and earned on a version. */
export async function expose(
  db: Db,
  { version, operator }: { version: Hex; operator: Address },
  { reserved = 0n, earned = 0n }: { reserved?: bigint; earned?: bigint },
): Promise<void> {
  await db
    .insert(exposure)
    .values({ version, operator, reserved, earned })
    .onConflictDoUpdate((row) => ({
      reserved: row.reserved + reserved,
      earned: row.earned + earned,
    }))
}
