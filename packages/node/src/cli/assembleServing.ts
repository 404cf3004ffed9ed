import { toHex } from 'viem'

import { createExactBackend } from '../backend/createExactBackend.ts'
import type { Journal } from '../journal/openJournal.ts'
import type { Metrics } from '../metrics/createMetrics.ts'
import type { OperatorEvent } from '../operator/operator.ts'
import { createIssuer } from '../receipts/createIssuer.ts'
import { createReceiptsApp } from '../receipts/createReceiptsApp.ts'
import { createTabFunder } from '../receipts/createTabFunder.ts'
import { createTabReader } from '../receipts/createTabReader.ts'
import { createSealedApp } from '../sealed/createSealedApp.ts'
import { createByteBudget } from '../serving/createByteBudget.ts'
import { createLimiter } from '../serving/createLimiter.ts'
import { createServingMetrics } from '../serving/createServingMetrics.ts'
import { createServingApp } from '../serving/http/createServingApp.ts'
import type { ServingEvent } from '../serving/http/serving.ts'
import type { Clock } from '../support/clock.ts'
import { createSale } from './createSale.ts'
import { createServedModel } from './createServedModel.ts'
import { describeServing } from './describeServing.ts'
import type { RunOperatorParameters } from './runOperator.ts'
import type { ServeConfig } from './serveConfig.ts'

export type AssembleServingParameters = Pick<
  RunOperatorParameters,
  'config' | 'logger' | 'substitutes'
> & {
  serve: ServeConfig
  operator: `0x${string}`
  client: Parameters<typeof createTabReader>[0]['client']
  journal: Journal
  metrics: Metrics
  clock: Clock
  isDraining: () => boolean
  /** Told of effects that are planned, and of receipts. */
  observe: (event: OperatorEvent) => void
}

/** Most that sealing adds to a body: headers, padding to the next size, and the seals of its pieces. */
const sealingBytes = 1024 * 1024

/** Creates what answers over HTTP, in the open and sealed, from its configuration. */
export async function assembleServing(parameters: AssembleServingParameters) {
  const { serve, operator, clock, isDraining } = parameters
  const { limits } = serve
  const random = () => toHex(crypto.getRandomValues(new Uint8Array(32)))
  const models = await createModels(parameters, random)
  const issuer = await createIssuerOf(parameters)
  const paywall = await createSale(parameters)
  await issuer.recover()
  const limiter = createLimiter({ ...limits, clock })
  const observe = createObserver(parameters)
  const bodies = createByteBudget(limits.maxHeldBytes)
  const served = { operator, models, issuer, paywall, limiter, bodies, limits }
  const app = createServingApp({ ...served, clock, random, isDraining, observe })
  const maxBytes = limits.maxBodyBytes + sealingBytes
  const keys = parameters.config.encryptionKeys
  app.route('/', createSealedApp({ keys, fetch: app.fetch, maxBytes }))
  app.route('/', createReceiptsApp({ journal: parameters.journal, issuer }))
  return {
    app,
    /** Resolves once nothing is being answered any more, or after `ms`. */
    async drain(ms: number) {
      const end = clock.elapsed() + ms
      while (limiter.active() > 0 && clock.elapsed() < end) await clock.sleep(20)
    },
    async close() {
      await Promise.all(models.map(({ backend }) => backend.close?.()))
    },
  }
}

export type AssembledServing = Awaited<ReturnType<typeof assembleServing>>

function createModels(
  { serve, config, clock, substitutes }: AssembleServingParameters,
  random: () => `0x${string}`,
) {
  const createExact = substitutes?.backend ?? createExactBackend
  return Promise.all(
    serve.models.map((model) => {
      const sells = config.seller !== undefined
      const key = config.upstreamKeys.get(model.name)
      return createServedModel({ config: model, key, clock, random, sells, createExact })
    }),
  )
}

async function createIssuerOf(parameters: AssembleServingParameters) {
  const { serve, operator, config, client, journal, clock, observe } = parameters
  const { deployment, chain } = config
  const { trustMs, staleMs, orderMinimum: minimum } = serve.tabs
  const { confirmations } = chain
  const reading = { client, deployment, operator, clock, confirmations, trustMs, staleMs }
  const tabs = createTabReader(reading)
  return createIssuer({
    ...{ deployment, operator, journal, clock, tabs },
    sign: await config.receiptSigner(),
    fundTab: createTabFunder({ deployment, tabs, minimum, journal, observe }),
    observe,
  })
}

function createObserver({ metrics, logger }: AssembleServingParameters) {
  const record = createServingMetrics(metrics)
  return (event: ServingEvent) => {
    record(event)
    const { level, message, fields } = describeServing(event)
    logger[level](fields, message)
  }
}
