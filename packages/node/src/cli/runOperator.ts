import { join } from 'node:path'
import type { Program } from '@assay/tensor'
import { loadProgram } from '@assay/tensor/node'
import type { Logger } from 'pino'
import { getAddress } from 'viem'

import type { Backend } from '../backend/backend.ts'
import { createExactBackend } from '../backend/createExactBackend.ts'
import { createBook } from '../book/createBook.ts'
import { createChainClient } from '../chain/createChainClient.ts'
import { subscribeTo } from '../chain/subscribeTo.ts'
import { createInbox } from '../inputs/createInbox.ts'
import { type Journal, openJournal } from '../journal/openJournal.ts'
import { createMetrics } from '../metrics/createMetrics.ts'
import { createExactSupplier } from '../operator/createExactSupplier.ts'
import { createOperator } from '../operator/createOperator.ts'
import { createOperatorApp } from '../operator/createOperatorApp.ts'
import { createOperatorMetrics } from '../operator/createOperatorMetrics.ts'
import type { OperatorEvent, OperatorPolicy } from '../operator/operator.ts'
import type { BatchPolicy } from '../settling/settling.ts'
import { systemClock } from '../support/clock.ts'
import {
  type AssembledServing,
  type AssembleServingParameters,
  assembleServing,
} from './assembleServing.ts'
import { checkLedger } from './checkLedger.ts'
import { chainPolicyOf, type LoadedOperator } from './config.ts'
import { describeEvent } from './describeEvent.ts'
import type { OperatorConfig } from './operatorConfig.ts'
import { serve } from './serve.ts'
import { shortErrorOf } from './shortErrorOf.ts'

/** What may be put in the place of an honest operator's parts, to see what others do about it. */
export type Substitutes = {
  backend?: (model: { modelVersion: `0x${string}`; program: Program }) => Backend
  /** Whether committed traces are shown to those who ask; true by default. */
  servesTraces?: boolean
  /** Whether demands are answered; true by default. */
  supplies?: boolean
}

export type RunOperatorParameters = {
  config: LoadedOperator
  logger: Logger
  /** Ends the run, once what is under way is finished. */
  signal: AbortSignal
  substitutes?: Substitutes
  /** Told of every event, after it is logged. */
  observe?: (event: OperatorEvent) => void
}

/** Runs an operator until `signal` aborts. */
export async function runOperator(parameters: RunOperatorParameters): Promise<void> {
  const { config, logger, signal } = parameters
  const { deployment, account } = config
  const { chainId, market } = deployment
  const journal = openJournal({
    path: join(config.dataDir, 'operator.sqlite'),
    clock: systemClock,
    owner: { chainId, market, account: account.address },
  })
  try {
    const { daemon, app, serving } = await assemble(parameters, journal)
    const served = await serve({ app, ...config.http })
    const operator = operatorOf(config)
    logger.info({ operator, url: served.url, market }, 'operator started')
    await daemon.run(signal).finally(async () => {
      await serving?.drain(config.chain.drainMs)
      await served.close()
      await serving?.close()
    })
    logger.info('operator stopped')
  } finally {
    journal.close()
  }
}

async function assemble(parameters: RunOperatorParameters, journal: Journal) {
  const { config, substitutes = {} } = parameters
  const { deployment, account, chain } = config
  const clock = systemClock
  const metrics = createMetrics()
  const models = await Promise.all(
    config.models.map(async ({ version, folder }) => ({
      modelVersion: version,
      program: await loadProgram({ folder }),
    })),
  )
  const suppliers = substitutes.supplies === false ? [] : models
  const book = createBook({
    deployment,
    models: models.map(({ modelVersion }) => modelVersion),
    operator: operatorOf(config),
  })
  const backends = models.map(substitutes.backend ?? createExactBackend)
  const observe = createObserver(parameters, createOperatorMetrics({ metrics, clock }).record)
  const client = createChainClient({ rpcUrls: chain.rpcUrls, timeoutMs: chain.rpcTimeoutMs, clock })
  const daemon = createOperator({
    ...{ account, backends, book, journal, clock, deployment, client, observe },
    policy: chainPolicyOf(config),
    subscribe: chain.wsUrl === undefined ? undefined : subscribeTo(chain.wsUrl),
    operator: operatorOf(config),
    operatorPolicy: operatorPolicyOf(config),
    batchPolicy: batchPolicyOf(config),
    encryptionKeys: await config.encryptionKeys(),
    suppliers: new Map(
      suppliers.map(({ modelVersion, program }) => [modelVersion, createExactSupplier(program)]),
    ),
  })
  const isDraining = () => daemon.status().isDraining
  const shared = { journal, metrics, clock, client, isDraining, observe }
  const serving = await serveModels(parameters, shared)
  const results = substitutes.servesTraces === false ? { trace: () => undefined } : journal.results
  const staleAfterMs = Math.max(60_000, chain.pollMs * 20)
  const app = createOperatorApp({
    ...{ results, inputs: journal.inputs, inbox: createInbox({ backends, book, journal }) },
    encryptionKeyOf: (address) => book.encryptionKeys.get(address),
    ...{ status: daemon.status, metrics, clock, staleAfterMs },
    serving: serving?.app,
  })
  return { daemon, app, serving }
}

type Shared = Pick<
  AssembleServingParameters,
  'journal' | 'metrics' | 'clock' | 'client' | 'isDraining' | 'observe'
>

async function serveModels(
  parameters: RunOperatorParameters,
  shared: Shared,
): Promise<AssembledServing | undefined> {
  const { config, logger } = parameters
  const { serve, deployment, account, retainHours } = config
  if (serve === undefined) return undefined
  const operator = operatorOf(config)
  await checkLedger({
    ...{ ...shared, deployment, operator, signer: account.address, retainHours },
    onUnknown: (error) => logger.warn({ error: shortErrorOf(error) }, 'ledger not checked'),
  })
  return assembleServing({ ...parameters, ...shared, serve, operator })
}

function createObserver(
  { logger, observe }: RunOperatorParameters,
  record: (event: OperatorEvent) => void,
) {
  return (event: OperatorEvent) => {
    record(event)
    const { level, message, fields } = describeEvent(event)
    logger[level](fields, message)
    observe?.(event)
  }
}

/** The operator that the key acts for. */
function operatorOf({ operator, account }: LoadedOperator) {
  return getAddress(operator ?? account.address)
}

function batchPolicyOf({ receipts }: OperatorConfig): BatchPolicy {
  const { count, ageSeconds, value, maxCollections, collectMinimum } = receipts.batch
  return { count, ageSeconds: BigInt(ageSeconds), value, maxCollections, collectMinimum }
}

function operatorPolicyOf(config: OperatorConfig): OperatorPolicy {
  const { answering, settling, models } = config
  return {
    asks: new Map(models.map(({ version, ask }) => [version, ask])),
    mode: answering.mode,
    deadlineMarginSeconds: BigInt(answering.deadlineMarginSeconds),
    maxRuns: answering.maxRuns,
    claimBatch: settling.batch,
    claimDelaySeconds: BigInt(settling.delaySeconds),
    maxCallbackGas: settling.maxCallbackGas,
    collectMinimum: settling.collectMinimum,
  }
}
