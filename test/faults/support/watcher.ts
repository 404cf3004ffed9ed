import {
  createBook,
  createWatcher,
  openJournal,
  systemClock,
  type TraceFetcher,
  type WatcherEvent,
} from '@assay/node'
import { createEngine } from '@assay/tensor/fast'
import { type Address, createPublicClient, type LocalAccount, type Transport } from 'viem'
import { onTestFinished } from 'vitest'

import { chainPolicy } from './operator.ts'
import { dollars, type Suite } from './suite.ts'

export type StartWatcherParameters = {
  suite: Suite
  account: LocalAccount
  transport: Transport
  fetchTrace: TraceFetcher
  /** Contracts with the model's weights. */
  weights?: readonly Address[]
  /** File of its journal; forgotten with the test by default. */
  path?: string
}

/** Starts a watcher in this process. */
export function startWatcher(parameters: StartWatcherParameters) {
  const { suite, account, transport, fetchTrace, weights, path = ':memory:' } = parameters
  const { deployment, model, program } = suite
  const clock = systemClock
  const { chainId, market } = deployment
  const owner = { chainId, market, account: account.address }
  const journal = openJournal({ path, clock, owner })
  const events: WatcherEvent[] = []
  const daemon = createWatcher({
    ...{ account, journal, clock, deployment, fetchTrace },
    client: createPublicClient({ transport, cacheTime: 0 }),
    book: createBook({ deployment, models: [model] }),
    policy: chainPolicy,
    models: [{ modelVersion: model, program, engine: createEngine(program), weights }],
    watcherPolicy: { demandBudget: dollars(10) },
    observe: (event) => events.push(event),
  })
  const abort = new AbortController()
  const ended = daemon.run(abort.signal).finally(journal.close)
  const stop = () => {
    abort.abort()
    return ended
  }
  onTestFinished(stop)
  return {
    journal,
    events,
    stop,
  }
}

/** Nobody serves traces. */
export const withheld: TraceFetcher = async () => ({ reason: 'it answered 404' })
