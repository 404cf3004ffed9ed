import { join } from 'node:path'
import { createPublicClient, http, type PublicClient } from 'viem'

import { createCatalog } from '../catalog/createCatalog.ts'
import { readChainOperators, readIndexedOperators } from '../catalog/readOperators.ts'
import type { LoadedGatewayConfig } from '../config/config.ts'
import type { Observe } from '../events.ts'
import { createGateway } from '../http/createGateway.ts'
import { openJournal } from '../journal/openJournal.ts'
import { createKeys } from '../keys/createKeys.ts'
import { createGatewayMetrics } from '../metrics/createGatewayMetrics.ts'
import { createAsker } from '../router/createAsker.ts'
import { createRouter } from '../router/createRouter.ts'
import { createSale } from '../sale/createSale.ts'
import { type Clock, systemClock } from '../support/clock.ts'
import { createTransport } from '../upstream/transport.ts'
import { type Cryptography, createPaying, payerOf, viemCryptography } from './createPaying.ts'

export type AssembleParameters = {
  config: LoadedGatewayConfig
  observe?: Observe | undefined
  reportError?: ((error: unknown) => void) | undefined
  clock?: Clock | undefined
  /** Signs and recovers; viem's by default, of which native code is many times faster. */
  cryptography?: Cryptography | undefined
}

/** Bytes of an answer that is kept for who asks again. */
const keptBytes = 8 * 1024 * 1024

/** Puts a gateway together as a configuration says. Throws `GatewayConfigError` or `GatewayJournalError`. */
export function assemble(parameters: AssembleParameters) {
  const { config, clock = systemClock, cryptography = viemCryptography } = parameters
  const { timeouts, settlement } = config
  const payer = payerOf(config, cryptography)
  const owner = `${settlement?.chainId ?? 0}:${settlement?.ledger ?? '0x'}:${payer?.payer ?? '0x'}`
  const journal = openJournal({ path: join(config.dataDir, 'gateway.sqlite'), clock, owner })
  const keys = createKeys({ keys: config.keys, journal, clock })
  const metrics = createGatewayMetrics(keys)
  const observe: Observe = (event) => {
    metrics.record(event)
    parameters.observe?.(event)
  }
  const { maxConnections } = config
  const { transport, close } = createTransport({ connectMs: timeouts.connectMs, maxConnections })
  const client = config.rpcUrl && createPublicClient({ transport: http(config.rpcUrl) })
  const paying = createPaying({
    ...{ config, payer, journal, keys, transport, clock, cryptography, observe },
    client: client || undefined,
  })
  const { purse, verifier } = paying
  const catalog = createCatalog({
    ...{ providers: config.providers, operators: config.operators, models: config.models },
    ...{ trustsCards: config.trustCards, transport, observe, timeoutMs: lookUpMs },
    sources: sourcesOf(config, client || undefined),
  })
  const ask = createAsker({
    ...{ transport, purse, keys, journal, verifier, budgets: timeouts, clock, observe },
  })
  const { retry, weights, breaker: health, hedge } = config
  const policy = { budgets: timeouts, retry, weights, health, hedge: hedge || undefined }
  const router = createRouter({ catalog, ask, keys, policy, clock, observe })
  const { origins, bodyBytes } = config.http
  const sale = createSale({
    config,
    payer,
    client: client || undefined,
    journal,
    clock,
    router,
    observe,
  })
  const app = createGateway({
    ...{ router, catalog, keys, journal, purse, clock, observe, origins },
    ...{ renderMetrics: metrics.render, limits: { bodyBytes, keptBytes } },
    sale,
    relay: { transport, budgets: timeouts, isPublic: config.relay.public },
    reportError: parameters.reportError ?? (() => undefined),
  })
  return { app, catalog, journal, purse, close }
}

/** Milliseconds that an operator, the indexer or the chain has to tell what it knows. */
export const lookUpMs = 5_000

function sourcesOf(config: LoadedGatewayConfig, client: PublicClient | undefined) {
  const { indexerUrl, publishers, deployment, settlement } = config
  if (settlement === undefined) return []
  const { ledger } = settlement
  const index = indexerUrl && {
    name: 'indexer',
    read: () =>
      readIndexedOperators({ indexerUrl, ledger, publishers, fetch, timeoutMs: lookUpMs }),
  }
  const chain = client &&
    deployment && { name: 'chain', read: () => readChainOperators(client, { deployment, ledger }) }
  return [index, chain].filter((source) => source !== undefined && source !== '')
}
