import {
  type Backend,
  type BatchPolicy,
  createBook,
  createExactBackend,
  createExactSupplier,
  createInbox,
  createIssuer,
  createMetrics,
  createOperator,
  createOperatorApp,
  createOperatorClient,
  createOperatorMetrics,
  createTabFunder,
  createTabReader,
  type OperatorEvent,
  type OperatorPolicy,
  openJournal,
  systemClock,
} from '@assay/node'
import type { EncryptionKeys } from '@assay/protocol/envelope'
import type { Hono } from 'hono'
import { createPublicClient, type LocalAccount, parseGwei, type Transport } from 'viem'
import { onTestFinished } from 'vitest'

import type { Suite } from './suite.ts'

export const chainPolicy = {
  fees: { maxFeePerGas: parseGwei('500'), minPriorityFeePerGas: parseGwei('1') },
  confirmations: 2,
  rebroadcastAfterMs: 400,
  bumpAfterMs: 60_000,
  maxInFlight: 16,
  pollMs: 20,
  reorgDepth: 16,
  logChunk: 500,
  drainMs: 5_000,
  retainMs: 3_600_000,
}

export const operatorPolicy: OperatorPolicy = {
  asks: new Map(),
  mode: 'direct',
  deadlineMarginSeconds: 2n,
  maxRuns: 4,
  claimBatch: 10,
  claimDelaySeconds: 0n,
  maxCallbackGas: 500_000,
  collectMinimum: 1n,
}

export type StartOperatorParameters = {
  suite: Suite
  account: LocalAccount
  transport: Transport
  /** How it deals with its chain, where that matters. */
  chainPolicy?: Partial<typeof chainPolicy>
  /** File of its journal; forgotten with the test by default. */
  path?: string
  policy?: Partial<OperatorPolicy>
  backend?: Backend
  /** When it settles receipts; it issues none by default. */
  batchPolicy?: BatchPolicy
  /** Whether it answers demands; true by default. */
  supplies?: boolean
  clock?: typeof systemClock
  /** Keys that open inputs sealed for it. */
  encryptionKeys?: EncryptionKeys
}

/** Starts an operator in this process. */
export function startOperator(parameters: StartOperatorParameters) {
  const { suite, account, transport, path = ':memory:', policy, clock = systemClock } = parameters
  const { deployment, model, program } = suite
  const backend = parameters.backend ?? createExactBackend({ modelVersion: model, program })
  const owner = { ...deployment, account: account.address }
  const journal = openJournal({
    ...{ path, clock },
    owner: { chainId: owner.chainId, market: owner.market, account: owner.account },
  })
  const client = createPublicClient({ transport, cacheTime: 0 })
  const events: OperatorEvent[] = []
  const metrics = createMetrics()
  const numbers = createOperatorMetrics({ metrics, clock })
  function observe(event: OperatorEvent) {
    numbers.record(event)
    events.push(event)
  }
  const book = createBook({ deployment, models: [model], operator: account.address })
  const backends = [backend]
  const daemon = createOperator({
    ...{ account, journal, clock, deployment },
    client,
    book,
    policy: { ...chainPolicy, ...parameters.chainPolicy },
    operator: account.address,
    backends,
    encryptionKeys: parameters.encryptionKeys,
    batchPolicy: parameters.batchPolicy,
    suppliers: new Map(
      parameters.supplies === false ? [] : [[model, createExactSupplier(program)]],
    ),
    operatorPolicy: { ...operatorPolicy, ...policy },
    observe,
  })
  const where = { client, deployment, operator: account.address, clock, journal }
  const tabs = createTabReader({ ...where, ...{ confirmations: 2, trustMs: 0, staleMs: 5_000 } })
  const issuer = createIssuer({
    ...{ ...where, tabs, observe },
    sign: (id) => account.sign!({ hash: id }),
    fundTab: createTabFunder({ ...where, tabs, observe, minimum: 1n }),
  })
  const abort = new AbortController()
  const ended = daemon.run(abort.signal).finally(journal.close)
  const stop = () => {
    abort.abort()
    return ended
  }
  onTestFinished(stop)
  const app = createOperatorApp({
    ...{ results: journal.results, inputs: journal.inputs },
    inbox: createInbox({ backends, book, journal }),
    encryptionKeyOf: (address) => book.encryptionKeys.get(address),
    ...{ status: daemon.status, metrics, clock, staleAfterMs: 60_000 },
  })
  return {
    app,
    daemon,
    issuer,
    journal,
    events,
    own: numbers.own,
    stop,
  }
}

/** Asks the operator behind `app`, whatever its endpoint says, over HTTP without a socket. */
export function clientFor(app: Hono) {
  const fetch = (url: URL | string, init?: RequestInit) => app.request(url, init)
  return createOperatorClient({ fetch: fetch as typeof globalThis.fetch, timeoutMs: 2_000 })
}

/** Resolves once `check` holds. */
export async function until(what: string, check: () => boolean | Promise<boolean>, ms = 20_000) {
  const end = Date.now() + ms
  while (!(await check())) {
    if (Date.now() > end) throw new Error(`never saw ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
