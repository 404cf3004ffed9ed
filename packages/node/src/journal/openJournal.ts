import type { Address } from 'viem'

import type { Clock } from '../support/clock.ts'
import { type Batches, createBatches } from './createBatches.ts'
import { type ChainLog, createChainLog } from './createChainLog.ts'
import { type Channels, createChannels } from './createChannels.ts'
import { createInputs, type Inputs } from './createInputs.ts'
import { createIntentQueries } from './createIntentQueries.ts'
import { createIntentWrites } from './createIntentWrites.ts'
import { createNotes, type Notes } from './createNotes.ts'
import { createPrune } from './createPrune.ts'
import { createReceipts, type Receipts } from './createReceipts.ts'
import { createResults, type Results } from './createResults.ts'
import { JournalMismatchError } from './errors.ts'
import { type Database, openDatabase } from './openDatabase.ts'

/** The intents of a journal: what it knows of them, and what changes them. */
export type Intents = ReturnType<typeof createIntentQueries> & ReturnType<typeof createIntentWrites>

/** Everything a daemon must not forget. One file, one process, durable at every step. */
export type Journal = {
  intents: Intents
  chain: ChainLog
  results: Results
  inputs: Inputs
  notes: Notes
  channels: Channels
  receipts: Receipts
  batches: Batches
  /** Runs `work`; either all of its writes last or none. */
  atomically: Database['atomically']
  /** Forgets what is older than `ms` and nothing needs any more. */
  prune: (ms: number) => void
  close: () => void
}

export type OpenJournalParameters = {
  /** File of the journal, or `:memory:`. */
  path: string
  clock: Clock
  /** What the journal belongs to; it is refused for anything else. */
  owner: {
    chainId: number
    /** Contract whose events are followed. */
    market: Address
    /** Account that sends. */
    account: Address
  }
}

/**
 * Opens a journal, or starts one.
 *
 * @example
 * const journal = openJournal({ path: 'operator.sqlite', clock: systemClock, owner })
 */
export function openJournal({ path, clock, owner }: OpenJournalParameters): Journal {
  const database = openDatabase(path)
  try {
    for (const [name, value] of Object.entries(owner)) claim(database, name, String(value))
  } catch (error) {
    database.close()
    throw error
  }
  return {
    intents: { ...createIntentQueries(database), ...createIntentWrites(database, clock) },
    chain: createChainLog(database),
    results: createResults(database, clock),
    inputs: createInputs(database, clock),
    notes: createNotes(database, clock),
    channels: createChannels(database),
    receipts: createReceipts(database),
    batches: createBatches(database, clock),
    prune: createPrune(database, clock),
    atomically: database.atomically,
    close: database.close,
  }
}

function claim({ get, run }: Database, name: string, expected: string) {
  const found = get('SELECT value FROM facts WHERE name = ?', name)?.value
  if (found === undefined) run('INSERT INTO facts (name, value) VALUES (?, ?)', name, expected)
  else if (found !== expected) {
    throw new JournalMismatchError({ name, found: String(found), expected })
  }
}
