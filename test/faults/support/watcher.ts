import {
  type AuditingPolicy,
  createBook,
  createWatcher,
  type OperatorClient,
  openJournal,
  systemClock,
  type WatcherEvent,
} from '@assay/node'
import type { EncryptionKeys } from '@assay/protocol/envelope'
import { createEngine } from '@assay/tensor/fast'
import { type Address, createPublicClient, type LocalAccount, type Transport } from 'viem'
import { onTestFinished } from 'vitest'

import { chainPolicy } from './operator.ts'
import { dollars, type Suite } from './suite.ts'

export type StartWatcherParameters = {
  suite: Suite
  account: LocalAccount
  transport: Transport
  operators: OperatorClient
  /** Contracts with the model's weights. */
  weights?: readonly Address[]
  /** Keys that open inputs sealed for it. */
  encryptionKeys?: EncryptionKeys
  /** Tokens that it may bond at a time, and spend on inputs; 10 each by default. */
  budget?: number
  /** What it does about audits; nothing by default. */
  auditing?: AuditingPolicy
  /** File of its journal; forgotten with the test by default. */
  path?: string
}

/** Starts a watcher in this process. */
export function startWatcher(parameters: StartWatcherParameters) {
  const { suite, account, transport, operators, weights, path = ':memory:' } = parameters
  const { auditing, encryptionKeys, budget = 10 } = parameters
  const { deployment, model, program } = suite
  const clock = systemClock
  const { chainId, market } = deployment
  const owner = { chainId, market, account: account.address }
  const journal = openJournal({ path, clock, owner })
  const events: WatcherEvent[] = []
  const daemon = createWatcher({
    ...{ account, journal, clock, deployment, encryptionKeys, operators },
    client: createPublicClient({ transport, cacheTime: 0 }),
    book: createBook({ deployment, models: [model] }),
    policy: chainPolicy,
    models: [{ modelVersion: model, program, engine: createEngine(program), weights }],
    watcherPolicy: { demandBudget: dollars(budget), inputBudget: dollars(budget), auditing },
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

const missing = async () => ({ reason: 'it answered 404' })

/** Operators that show nothing. */
export const withheld: OperatorClient = { trace: missing, input: missing }
