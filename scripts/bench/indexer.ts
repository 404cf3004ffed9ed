import { setTimeout as sleep } from 'node:timers/promises'

import { hashInput } from '@assay/tensor'
import {
  deploySuite,
  dollars,
  findPort,
  publishProgram,
  serveProvider,
  stakeOn,
} from '@assay/testing'
import { bytesToHex, numberToHex, zeroAddress } from 'viem'

import { type Indexer, startIndexer } from '../../indexer/run.ts'
import { fillChain } from './lib/fillChain.ts'
import { parseMetrics } from './lib/metrics.ts'
import type { Benchmark, BenchOptions, BenchReport, Row } from './lib/report.ts'
import { createSmallProgram } from './lib/smallProgram.ts'

export const benchmark: Benchmark = {
  name: 'indexer',
  summary:
    'how fast the indexer takes in whole lives of jobs, how far behind it is live, and how fast it answers',
  options: {
    jobs: { about: 'jobs to request, answer and settle', default: '10000' },
    burst: { about: 'jobs to request, answer and settle while it follows', default: '500' },
    blocks: { about: 'live blocks to measure the lag of', default: '40' },
    queries: { about: 'queries to measure', default: '50' },
  },
  run,
}

type Setup = Awaited<ReturnType<typeof setUp>>

async function setUp() {
  const { network } = await import('hardhat')
  const { viem, networkHelpers, provider } = await network.create()
  const suite = await deploySuite(viem, { funds: dollars(1_000_000) })
  const program = createSmallProgram()
  const { version } = await publishProgram(suite, program)
  const stake = { model: version, operators: ['operator'], amount: dollars(500_000) } as const
  await stakeOn(suite, networkHelpers, stake)
  const { account } = suite.actors.payer
  const { market, escrow } = suite
  await escrow.write.deposit([account.address, market.address, dollars(100_000)], { account })
  return { suite, networkHelpers, provider, program, version }
}

async function run({ log, values, signal }: BenchOptions): Promise<BenchReport> {
  const jobs = Number(values.jobs)
  const setup = await setUp()
  const filling = performance.now()
  const onProgress = (done: number) => log(`${done} of ${jobs} jobs on the chain`)
  await fillChain({ ...setup, jobs, onProgress, signal })
  // Ponder takes the newest 30 blocks one by one, as live ones; these hold nothing, so that the backfill is all there is.
  // One at a time: many at once are made up when asked for, with hashes that do not follow from each other.
  for (let i = 0; i < 40; i++) await setup.networkHelpers.mine()
  log(`The chain took ${seconds(filling).toFixed(0)} s to fill.`)

  const server = await serveProvider(setup.provider)
  const rpcUrl = server.url
  const { deployment } = setup.suite
  const starting = performance.now()
  const indexer = await startIndexer({ deployment, rpcUrl, port: await findPort(), signal })
  try {
    const started = seconds(starting)
    await indexer.waitForHead({ timeoutMs: 1_800_000, signal })
    const indexed = seconds(starting) - started
    return {
      tables: [
        await describeBackfill(indexer, { jobs, started, indexed }),
        await describeSteps(indexer),
        await describeLag(setup, indexer, Number(values.blocks)),
        await describeLoad(setup, indexer, { first: jobs, jobs: Number(values.burst), signal }),
        await describeQueries(indexer, Number(values.queries)),
      ],
      notes: [
        'Database: PGlite in memory, in the indexer’s own process and thread; the chain runs in the process that measures.',
        'A job is three events: requested with 784 bytes of input, answered, settled; each block holds about 100 transactions.',
        'Every event is kept raw and decoded, and posted as double entry; rows counts what is in the database at the end.',
        'Lag is the time from a block being mined to its being indexed, with the chain polled every 200 ms.',
      ],
    }
  } finally {
    await indexer.stop()
    await server.close()
  }
}

function seconds(since: number) {
  return (performance.now() - since) / 1_000
}

async function query<data>({ url }: Indexer, text: string): Promise<data> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: text }),
  })
  return ((await response.json()) as { data: data }).data
}

const tables = ['chainEvents', 'jobs', 'jobTransitions', 'answers', 'postings', 'accounts']

async function describeBackfill(
  indexer: Indexer,
  { jobs, started, indexed }: { jobs: number; started: number; indexed: number },
) {
  const fields = tables.map((table) => `${table} { totalCount }`).join(' ')
  const counts = await query<Record<string, { totalCount: number }>>(indexer, `{ ${fields} }`)
  const events = counts.chainEvents!.totalCount
  const rows = Object.values(counts).reduce((sum, { totalCount }) => sum + totalCount, 0)
  const perSecond = { 'events/s': events / indexed, 'jobs/s': jobs / indexed }
  const row = { jobs, events, rows, 'start s': started, 'index s': indexed, ...perSecond }
  return { title: 'From an empty database to the head of the chain', rows: [row] }
}

async function describeSteps({ url }: Indexer) {
  const metrics = parseMetrics(await (await fetch(`${url}/metrics`)).text())
  const steps = metrics
    .filter(({ name }) => /^ponder_historical_(extract|transform)_duration$/.test(name))
    .map(({ name, labels, value }): Row => {
      const side = name.includes('extract') ? 'read the chain' : 'build the index'
      return { part: side, step: labels.step ?? '', seconds: value / 1_000 }
    })
  return { title: 'Where the time went (the two parts overlap)', rows: steps }
}

async function describeLag(
  { suite, networkHelpers, program, version }: Setup,
  indexer: Indexer,
  blocks: number,
) {
  const { actors, market, publicClient, deployment, terms } = suite
  const { account } = actors.payer
  const lags: number[] = []
  for (let i = 0; i < blocks; i++) {
    const { timestamp } = await publicClient.getBlock()
    const job = {
      payer: account.address,
      model: version,
      inputHash: hashInput(program, new Uint8Array(8)),
      verifier: deployment.tensorVerifier,
      feeMin: 2_000n,
      feeMax: 3_000n,
      ramp: 20,
      tau: 1,
      deadline: timestamp + BigInt(terms.maxAnswerWindow),
      challengeWindow: terms.minChallengeWindow,
      parametersId: 1,
      callbackGas: 0,
      callback: zeroAddress,
      salt: numberToHex(2n ** 128n + BigInt(i), { size: 32 }),
    }
    await networkHelpers.time.setNextBlockTimestamp(timestamp + 1n)
    await market.write.request([job, bytesToHex(new Uint8Array(8))], { account })
    const mined = performance.now()
    const block = await publicClient.getBlockNumber({ cacheTime: 0 })
    await indexer.waitForBlock(block)
    lags.push(performance.now() - mined)
    // Keeps the blocks from falling into step with the polling.
    await sleep(137 + 31 * (i % 7))
  }
  return { title: 'Live, one request a block', rows: [{ blocks, ...spread(lags) }] }
}

/** What it does when blocks come as fast as the chain can make them, a hundred transactions each. */
async function describeLoad(
  setup: Setup,
  indexer: Indexer,
  { first, jobs, signal }: { first: number; jobs: number; signal: AbortSignal },
) {
  const since = performance.now()
  await fillChain({ ...setup, first, jobs, onProgress: () => {}, signal })
  const filled = seconds(since)
  await indexer.waitForHead({ timeoutMs: 1_800_000, signal })
  const indexed = seconds(since)
  const perSecond = { 'events/s': (jobs * 3) / indexed, 'jobs/s': jobs / indexed }
  const row = {
    jobs,
    events: jobs * 3,
    'filling s': filled,
    'until indexed s': indexed,
    ...perSecond,
  }
  return { title: 'Live, under more than it can follow', rows: [row] }
}

function spread(milliseconds: number[]): Row {
  const sorted = milliseconds.toSorted((a, b) => a - b)
  const at = (part: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))]!
  return { 'p50 ms': at(0.5), 'p95 ms': at(0.95), 'max ms': at(1) }
}

const history =
  '{ settlements(orderBy: "position", orderDirection: "desc", limit: 20) { items { id operator status fee refund requestedAt settledAt } } }'

async function measure(count: number, act: () => Promise<unknown>): Promise<Row> {
  const times: number[] = []
  for (let i = 0; i < count; i++) {
    const since = performance.now()
    await act()
    times.push(performance.now() - since)
  }
  return { times: count, ...spread(times) }
}

async function describeQueries(indexer: Indexer, count: number) {
  const get = async (path: string) => (await fetch(`${indexer.url}${path}`)).arrayBuffer()
  return {
    title: 'Answers',
    rows: [
      {
        request: 'GraphQL: 20 newest settlements',
        ...(await measure(count, () => query(indexer, history))),
      },
      { request: '/audit/balance', ...(await measure(10, () => get('/audit/balance'))) },
      {
        request: '/export/jobs.jsonl, all',
        ...(await measure(3, () => get('/export/jobs.jsonl'))),
      },
    ],
  }
}
