import { deriveEncryptionKeys, encryptionKeyOf } from '@assay/protocol/envelope'
import { encodeVoucherHeader, headers as names, type Price } from '@assay/protocol/http'
import { voucherTypedData } from '@assay/protocol/receipt'
import { serveUpstream } from '@assay/testing'
import type { Paywall } from '@assay/x402'
import OpenAI from 'openai'
import { keccak256, toHex, zeroAddress } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'

import { type HttpLimits, serve } from '../../packages/node/src/cli/serve.ts'
import { openJournal } from '../../packages/node/src/journal/openJournal.ts'
import { createIssuer } from '../../packages/node/src/receipts/createIssuer.ts'
import { createSealedApp } from '../../packages/node/src/sealed/createSealedApp.ts'
import { createByteBudget } from '../../packages/node/src/serving/createByteBudget.ts'
import { createLimiter } from '../../packages/node/src/serving/createLimiter.ts'
import { createUpstreamFetch } from '../../packages/node/src/serving/createUpstreamFetch.ts'
import { createServingApp } from '../../packages/node/src/serving/http/createServingApp.ts'
import type { ServingEvent, ServingLimits } from '../../packages/node/src/serving/http/serving.ts'
import { createOpenAiBackend } from '../../packages/node/src/serving/openai/createOpenAiBackend.ts'
import type { ServedModel } from '../../packages/node/src/serving/servedModel.ts'
import { systemClock } from '../../packages/node/src/support/clock.ts'

export const operator = privateKeyToAccount(toHex(1n, { size: 32 }))
export const payer = privateKeyToAccount(toHex(2n, { size: 32 }))
export const chain = {
  chainId: 31337,
  ledger: '0x5FbDB2315678afecb367f032d93F642f64180aa3',
} as const
export const price: Price = { perRequest: 10n, perMillionIn: 1_000_000n, perMillionOut: 2_000_000n }
export const version = keccak256('0x0de1')
export const key = 'sk-proj-abcdefghijklmnop'

export type StartServingParameters = {
  models?: readonly ServedModel[]
  limits?: Partial<ServingLimits>
  http?: Partial<HttpLimits>
  maxConcurrent?: number
  maxQueued?: number
  queueMs?: number
  maxAnswerBytes?: number
  maxUnitsOut?: number
  firstTokenMs?: number
  maxHeldBytes?: number
  paywall?: Paywall
}

/** Milliseconds that suffice here, and that a test can wait for. */
export const timeouts = { connectMs: 500, firstTokenMs: 400, betweenTokensMs: 300, totalMs: 3_000 }

/** Starts an operator's HTTP interface in front of an upstream with faults, on ports of its own. */
export async function startServing(parameters: StartServingParameters = {}) {
  const {
    maxConcurrent = 16,
    maxQueued = 16,
    queueMs = 200,
    maxAnswerBytes = 1_000_000,
    maxUnitsOut = 100,
    firstTokenMs = timeouts.firstTokenMs,
  } = parameters
  const upstream = await serveUpstream({ key, models: ['echo-1'] })
  const { fetch, close } = createUpstreamFetch({ connectMs: timeouts.connectMs })
  const backend = createOpenAiBackend({
    ...{ baseUrl: upstream.baseUrl, model: 'echo-1', key, fetch, clock: systemClock },
    ...{ tasks: ['chat', 'embeddings', 'images'], maxAnswerBytes },
    timeouts: { ...timeouts, firstTokenMs },
  })
  const model: ServedModel = {
    ...{ name: 'echo', version, backend, price, maxUnitsOut, countsHidden: false },
    ...{ payments: ['tab', 'x402'], verification: 'receipt' },
  }
  const free = { perRequest: 0n, perMillionIn: 0n, perMillionOut: 0n }
  const gift: ServedModel = { ...model, name: 'gift', price: free, payments: ['tab', 'free'] }
  const { issuer, journal } = openIssuer()
  let isDraining = false
  const events: ServingEvent[] = []
  const app = createServingApp({
    ...{ operator: operator.address, issuer, clock: systemClock, paywall: parameters.paywall },
    models: parameters.models ?? [model, gift],
    isDraining: () => isDraining,
    bodies: createByteBudget(parameters.maxHeldBytes ?? 10_000_000),
    limiter: createLimiter({ maxConcurrent, maxQueued, queueMs, clock: systemClock }),
    limits: { maxBodyBytes: 100_000, maxDepth: 64, keepAliveMs: 100, ...parameters.limits },
    random: () => toHex(crypto.getRandomValues(new Uint8Array(32))),
    observe: (event) => void events.push(event),
  })
  const keys = await deriveEncryptionKeys(toHex(3n, { size: 32 }))
  app.route('/', createSealedApp({ keys: async () => keys, fetch: app.fetch, maxBytes: 200_000 }))
  const served = await serve({ app, hostname: '127.0.0.1', port: 0, limits: parameters.http ?? {} })
  return {
    ...{ upstream, issuer, journal, events, app, url: served.url, backend, model },
    encryptionKey: await encryptionKeyOf(keys),
    drain() {
      isDraining = true
    },
    async close() {
      await served.close()
      journal.close()
      await close()
      await upstream.close()
    },
  }
}

/** The operator's own issuer, for payers whose tabs hold more than any test spends. */
function openIssuer() {
  const journal = openJournal({
    ...{ path: ':memory:', clock: systemClock },
    owner: { chainId: chain.chainId, market: zeroAddress, account: operator.address },
  })
  const tab = { funded: 10n ** 15n, spent: 0n, thawedAt: 0n, epoch: 0 }
  const issuer = createIssuer({
    ...{ deployment: chain, operator: operator.address, journal, clock: systemClock },
    tabs: {
      read: async () => tab,
      forget: () => {},
      isSignedByContract: async () => false,
    },
    sign: (id) => operator.sign({ hash: id }),
    fundTab: async () => false,
    observe: () => {},
  })
  const state = () => issuer.channelOf(payer.address)
  return { issuer: { ...issuer, state }, journal }
}

export type Serving = Awaited<ReturnType<typeof startServing>>

/** Headers that pay up to `cap`. */
export async function paying(cap = 10n ** 12n, account = payer): Promise<Record<string, string>> {
  const voucher = { payer: account.address, operator: operator.address, cap }
  const signature = await account.signTypedData(voucherTypedData({ ...chain, voucher }))
  return { [names.voucher]: encodeVoucherHeader({ ...voucher, signature }) }
}

/** The official client, with a voucher among its headers. */
export async function openAiClient(
  { url }: Pick<Serving, 'url'>,
  extra: Record<string, string> = {},
) {
  const defaultHeaders = { ...(await paying()), ...extra }
  return new OpenAI({ baseURL: `${url}/v1`, apiKey: 'unused', defaultHeaders, maxRetries: 0 })
}
