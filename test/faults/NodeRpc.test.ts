import { createFailover, systemClock } from '@assay/node'
import { getJob, getJobStatus } from '@assay/sdk'
import { createRandom } from '@assay/tensor/examples'
import { type ProxyRule, type RpcProxy, startRpcProxy } from '@assay/testing'
import { http } from 'viem'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'

import { startOperator, until } from './support/operator.ts'
import { serveChain } from './support/processes.ts'
import { accountAt } from './support/suite.ts'

const account = accountAt(2)
let chain: Awaited<ReturnType<typeof serveChain>>

beforeEach(async () => {
  chain = await serveChain()
  await chain.suite.enlist(account)
  await chain.tick(400)
})
afterEach(() => chain.stop())

/** Lets an operator answer one job through nodes that follow `rules`, and returns what came of it. */
async function answerThrough(
  rules: (ProxyRule | undefined)[],
  during?: (proxies: RpcProxy[]) => Promise<void>,
) {
  const { suite, url: target } = chain
  const { deployment } = suite
  const proxies = await Promise.all(
    rules.map((rule) => startRpcProxy({ target, ...(rule === undefined ? {} : { rule }) })),
  )
  onTestFinished(() => Promise.all(proxies.map((proxy) => proxy.stop())).then(() => {}))
  const before = await suite.chain.getTransactionCount({ address: account.address })
  const transport = createFailover({
    transports: proxies.map(({ url }) => http(url, { timeout: 300, retryCount: 0 })),
    cooldownMs: 30_000,
    clock: systemClock,
  })
  const operator = startOperator({ suite, account, transport })
  const { id } = await suite.request({ tau: 1 })
  await during?.(proxies)
  await until('a final answer', () =>
    operator.events.some((event) => event.type === 'final' && event.intent.kind === 'answer'),
  )
  await operator.stop()
  const { transitions } = await getJob(suite.chain, { deployment, id })
  const after = await suite.chain.getTransactionCount({ address: account.address })
  return {
    answers: transitions.filter(({ name }) => name === 'JobAnswered').length,
    transactions: after - before,
    events: operator.events,
    methods: proxies.map(({ methods }) => methods),
    status: await getJobStatus(suite.chain, { deployment, id }),
  }
}

const once = { answers: 1, transactions: 1, status: 'Answered' }

test('behavior: a node that keeps silent is passed over', async () => {
  const told = await answerThrough([() => 'hang', undefined])
  expect(told).toMatchObject(once)
  expect(told.methods[0]).not.toEqual([])
})

test('behavior: a node that takes a transaction and then fails to say so costs no second one', async () => {
  const loseSent: ProxyRule = ({ method }) =>
    method === 'eth_sendRawTransaction' ? 'loseAnswer' : undefined
  const told = await answerThrough([loseSent])
  expect(told).toMatchObject(once)
  expect(told.events.some(({ type }) => type === 'uncertain')).toBe(true)
})

test('behavior: nodes that fail at random delay an answer, no more', async () => {
  const random = createRandom(7)
  const faults = ['refuse', 'loseAnswer', 'hang'] as const
  const flaky: ProxyRule = () => faults[random.integer(0, 9)]
  expect(await answerThrough([flaky, flaky])).toMatchObject(once)
})

test('behavior: a node that lags behind by turns is not taken for a reorganisation', async () => {
  const { suite } = chain
  let calls = 0
  let head = 0n
  const lagging: ProxyRule = ({ method, params }) => {
    if (method !== 'eth_getBlockByNumber' || params[0] !== 'latest') return undefined
    if (calls++ % 2 === 0) return undefined
    return { ask: { method, params: [`0x${(head - 4n).toString(16)}`, false] } }
  }
  const watchHead = setInterval(async () => {
    head = await suite.chain.getBlockNumber({ cacheTime: 0 })
  }, 50)
  head = await suite.chain.getBlockNumber({ cacheTime: 0 })
  const told = await answerThrough([lagging])
  clearInterval(watchHead)
  expect(told).toMatchObject(once)
  expect(told.events.filter(({ type }) => type === 'rewound')).toEqual([])
})

test('behavior: an outage is waited out', async () => {
  const told = await answerThrough([undefined], async ([proxy]) => {
    proxy!.setRule(() => 'refuse')
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    proxy!.setRule(undefined)
  })
  expect(told).toMatchObject(once)
  expect(told.events.some(({ type }) => type === 'nodeFailed')).toBe(true)
})
