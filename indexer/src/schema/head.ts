import { bigint, onchainView, sql } from 'ponder'

/** Ponder tells only itself which database schema it puts everything in, and how far it is only a table of its own. */
const { PONDER_NAMESPACE_BUILD: namespace } = globalThis as {
  PONDER_NAMESPACE_BUILD?: { schema: string }
}

/** Names something in the database schema that no table of ours stands for. */
export const named = (name: string) => sql.raw(`"${namespace?.schema ?? 'public'}"."${name}"`)

/** The newest indexed block. A checkpoint is digits: time (10), chain (16), block (16), place in the block. */
export const head = onchainView('head', {
  block: bigint('block').notNull(),
  time: bigint('time').notNull(),
}).as(sql`
  select
    max(substr(latest_checkpoint, 27, 16)::numeric(78)) as block,
    max(substr(latest_checkpoint, 1, 10)::numeric(78)) as time
  from ${named('_ponder_checkpoint')}
`)
