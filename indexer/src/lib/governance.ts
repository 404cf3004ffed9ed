import { governanceChange } from 'ponder:schema'

import { toJson } from './json.ts'
import type { Handled, LogEventNames } from './on.ts'

/** Keeps what governance did, with the arguments of its event. */
export async function addChange(
  { db, at, id }: Pick<Handled<LogEventNames>, 'db' | 'at' | 'id'>,
  event: string,
  args: object,
): Promise<void> {
  await db
    .insert(governanceChange)
    .values({ id, event, args: toJson(args), ...at })
    .onConflictDoNothing()
}
