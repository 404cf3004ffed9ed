import { join } from 'node:path'
import { createEngine } from '@assay/tensor/fast'
import { loadProgram } from '@assay/tensor/node'
import type { Logger } from 'pino'

import { createBook } from '../book/createBook.ts'
import { createChainClient } from '../chain/createChainClient.ts'
import { subscribeTo } from '../chain/subscribeTo.ts'
import { createStatusApp } from '../http/createStatusApp.ts'
import { type Journal, openJournal } from '../journal/openJournal.ts'
import { createMetrics } from '../metrics/createMetrics.ts'
import { systemClock } from '../support/clock.ts'
import type { AuditingPolicy } from '../watcher/auditing.ts'
import { createOperatorClient } from '../watcher/createOperatorClient.ts'
import { createWatcher } from '../watcher/createWatcher.ts'
import { createWatcherMetrics } from '../watcher/createWatcherMetrics.ts'
import type { WatcherEvent } from '../watcher/watcher.ts'
import { chainPolicyOf, type Loaded } from './config.ts'
import { describeEvent } from './describeEvent.ts'
import { serve } from './serve.ts'
import type { WatcherConfig } from './watcherConfig.ts'

export type RunWatcherParameters = {
  config: Loaded<WatcherConfig>
  logger: Logger
  /** Ends the run, once what is under way is finished. */
  signal: AbortSignal
  /** Told of every event, after it is logged. */
  observe?: (event: WatcherEvent) => void
}

/** Runs a watcher until `signal` aborts. */
export async function runWatcher(parameters: RunWatcherParameters): Promise<void> {
  const { config, logger, signal } = parameters
  const { account, deployment } = config
  const { chainId, market } = deployment
  const journal = openJournal({
    path: join(config.dataDir, 'watcher.sqlite'),
    clock: systemClock,
    owner: { chainId, market, account: account.address },
  })
  try {
    const { daemon, app } = await assemble(parameters, journal)
    const served = await serve({ app, ...config.http })
    logger.info({ watcher: account.address, url: served.url, market }, 'watcher started')
    await daemon.run(signal).finally(served.close)
    logger.info('watcher stopped')
  } finally {
    journal.close()
  }
}

function auditingPolicyOf({
  account,
  auditing,
}: Loaded<WatcherConfig>): AuditingPolicy | undefined {
  if (auditing === undefined) return undefined
  return { ...auditing, auditor: auditing.auditor ?? account.address }
}

async function assemble({ config, logger, observe }: RunWatcherParameters, journal: Journal) {
  const { account, chain, demands, deployment, traces } = config
  const clock = systemClock
  const metrics = createMetrics()
  const record = createWatcherMetrics(metrics)
  const models = await Promise.all(
    config.models.map(async ({ version, folder, weights }) => {
      const program = await loadProgram({ folder })
      const engine = createEngine(program, { unsupported: 'reference' })
      return { modelVersion: version, program, engine, weights }
    }),
  )
  const daemon = createWatcher({
    ...{ account, journal, clock, deployment, models },
    client: createChainClient({ rpcUrls: chain.rpcUrls, timeoutMs: chain.rpcTimeoutMs, clock }),
    book: createBook({ deployment, models: models.map(({ modelVersion }) => modelVersion) }),
    policy: chainPolicyOf(config),
    subscribe: chain.wsUrl === undefined ? undefined : subscribeTo(chain.wsUrl),
    operators: createOperatorClient({ fetch, timeoutMs: traces.timeoutMs }),
    encryptionKeys: await config.encryptionKeys(),
    watcherPolicy: {
      demandBudget: demands.budget,
      inputBudget: demands.inputBudget,
      auditing: auditingPolicyOf(config),
    },
    observe(event) {
      record(event)
      const { level, message, fields } = describeEvent(event)
      logger[level](fields, message)
      observe?.(event)
    },
  })
  const staleAfterMs = Math.max(60_000, chain.pollMs * 20)
  return { daemon, app: createStatusApp({ status: daemon.status, metrics, clock, staleAfterMs }) }
}
