import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { dollars, findPort, stakeOn } from '@assay/testing'
import { type Address, type Hash, zeroAddress } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { IndexerPortBusyError } from '../../indexer/errors.ts'
import { startIndexer } from '../../indexer/run.ts'
import { type Answered, answer, refute, request, settle } from './indexer/actions.ts'
import { deployWorld, networkHelpers, type World } from './indexer/deployWorld.ts'
import { query, type Row, readTables } from './indexer/query.ts'
import { startWorldIndexer, type WorldIndexer } from './indexer/startWorldIndexer.ts'
import { readChain, readIndex } from './indexer/state.ts'

/* What an auditor asks of an index of nine jobs: five settled, one refuted, two not final yet, one open. */

let world: World
let indexer: WorldIndexer
let directory: string
let answered: Answered[]

const timeout = 240_000

beforeAll(async () => {
  world = await deployWorld()
  const { escrow, market, payer, version } = world
  const stake = { model: version, operators: ['operator', 'rival'], amount: dollars(500) } as const
  await stakeOn(world, networkHelpers, stake)
  await escrow.write.deposit([payer, market.address, dollars(500)], { account: payer })
  answered = []
  for (let i = 0; i < 6; i++) {
    const operator = i % 2 === 0 ? world.operator : world.rival
    answered.push(await answer(world, await request(world), { operator, corrupt: i === 5 }))
  }
  await refute(world, answered[5]!)
  await settle(world, answered.slice(0, 5))
  for (let i = 0; i < 2; i++) await answer(world, await request(world))
  await request(world)
  directory = await mkdtemp(join(tmpdir(), 'assay-index-'))
  indexer = await startWorldIndexer(world, { directory })
  await indexer.waitForHead()
}, timeout)

afterAll(async () => {
  await indexer?.stop()
  await rm(directory, { recursive: true, force: true })
}, timeout)

async function readLines(path: string) {
  const response = await fetch(`${indexer.url}${path}`)
  expect(response.status).toBe(200)
  return (await response.text()).trimEnd().split(/\r?\n/)
}

test('default: the newest jobs with operator, status, fee, refund and times', async () => {
  const { settlements } = await query<{ settlements: { items: Row[] } }>(
    indexer.url,
    `{ settlements(orderBy: "position", orderDirection: "desc", limit: 4) {
      items { id operator status fee protocolFee refund requestedAt answeredAt finalAt settledAt }
    } }`,
  )
  const statuses = settlements.items.map(({ status }) => status)
  expect(statuses).toEqual(['Open', 'Answered', 'Answered', 'Refuted'])
  const refuted = settlements.items[3]!
  expect(refuted).toMatchObject({ id: answered[5]!.id, refund: `${dollars(4)}`, settledAt: null })
})

test('behavior: filters and cursors visit every job once', async () => {
  type Page = { jobs: { items: Row[]; pageInfo: { hasNextPage: boolean; endCursor: string } } }
  const seen: unknown[] = []
  let after = ''
  for (let hasNextPage = true; hasNextPage; ) {
    const { jobs } = await query<Page>(
      indexer.url,
      `{ jobs(where: { operator: "${world.operator}" }, orderBy: "position", limit: 2${after}) {
        items { id } pageInfo { hasNextPage endCursor }
      } }`,
    )
    seen.push(...jobs.items.map(({ id }) => id))
    hasNextPage = jobs.pageInfo.hasNextPage
    after = `, after: "${jobs.pageInfo.endCursor}"`
  }
  const { answers } = await readTables(indexer.url, { answers: 'job operator' })
  const own = answers.filter(({ operator }) => operator === world.operator.toLowerCase())
  expect(seen.toSorted()).toEqual(own.map(({ job }) => job).toSorted())
  expect(seen).toHaveLength(5)
})

test('behavior: a job shows its answer, its refutation and every change', async () => {
  const { job } = await query<{ job: Record<string, { items: Row[] } & Row> }>(
    indexer.url,
    `{ job(id: "${answered[5]!.id}") {
      reserved answer { evidenceHash } refutation { kind slashed } by { address refuted }
      transitions(orderBy: "id") { items { event storedStatus } }
      postings { items { event amount } }
    } }`,
  )
  expect(job.answer).toEqual({ evidenceHash: answered[5]!.trace.evidenceHash })
  expect(job.refutation).toEqual({ kind: 'Element', slashed: job.reserved })
  expect(job.by).toMatchObject({ refuted: 1 })
  const events = job.transitions!.items.map(({ event }) => event)
  expect(events).toEqual(['JobRequested', 'JobAnswered', 'JobRefuted'])
  const amounts = job.postings!.items.map(({ amount }) => BigInt(`${amount}`))
  expect(amounts.reduce((a, b) => a + b)).toBe(0n)
})

test('behavior: claims and settlements rebuilt from events are those of the market', async () => {
  const { market } = world
  const { answers } = await readTables(indexer.url, {
    answers:
      'claimId claimHash job version operator inputHash outputHash evidenceHash payer verifier callback callbackGas escrowed fee protocolFee reserved challengeUntil',
  })
  for (const row of answers) {
    const claim = {
      requestId: row.job as Hash,
      model: row.version as Hash,
      operator: row.operator as Address,
      inputHash: row.inputHash as Hash,
      outputHash: row.outputHash as Hash,
      evidenceHash: row.evidenceHash as Hash,
    }
    expect(await market.read.claimId([claim])).toBe(row.claimId)
  }
  const open = answers.filter(({ job }) => !answered.some(({ id }) => id === job))
  expect(open).toHaveLength(2)
  await networkHelpers.time.increase(100)
  for (const row of open) {
    const settlement = {
      claimHash: row.claimHash as Hash,
      model: row.version as Hash,
      operator: row.operator as Address,
      payer: row.payer as Address,
      verifier: row.verifier as Address,
      callback: row.callback as Address,
      callbackGas: Number(row.callbackGas),
      escrowed: BigInt(`${row.escrowed}`),
      fee: BigInt(`${row.fee}`),
      protocolFee: BigInt(`${row.protocolFee}`),
      reserved: BigInt(`${row.reserved}`),
      challengeUntil: BigInt(`${row.challengeUntil}`),
    }
    await market.write.claim([row.job as Hash, settlement])
  }
  await indexer.waitForHead()
  expect(await readIndex(indexer.url)).toEqual(await readChain(world))
})

test('behavior: no event of any contract is missing', async () => {
  const { publicClient, deployment } = world
  const { escrow, staking, registry, market, tensorVerifier, audits, ledger, startBlock } =
    deployment
  const address = [escrow, staking, registry, market, tensorVerifier, audits, ledger]
  const logs = await publicClient.getLogs({ address, fromBlock: BigInt(startBlock) })
  const { chainEvents } = await readTables(indexer.url, { chainEvents: 'block logIndex' })
  const place = ({ block, logIndex }: Record<string, unknown>) => `${block} ${logIndex}`
  expect(chainEvents.map((row) => place(row)).toSorted()).toEqual(
    logs.map(({ blockNumber: block, logIndex }) => place({ block, logIndex })).toSorted(),
  )
})

test('behavior: totals are the sums of what they count', async () => {
  const rows = await readTables(indexer.url, {
    operators: 'address answered settled refuted earned slashed',
    operatorDays: 'operator answered settled refuted earned slashed',
    protocolDays:
      'requested answered settled refuted expired escrowed refunded protocolFees slashed',
    settlements: 'operator status fee protocolFee refund escrowed settledAt',
    slashings: 'operator slashed',
  })
  const sum = (of: Row[], column: string) =>
    of.reduce((all, row) => all + BigInt(`${row[column]}`), 0n)
  const settled = rows.settlements.filter(({ settledAt }) => settledAt !== null)
  for (const days of [rows.operatorDays, rows.operators, rows.protocolDays]) {
    expect(sum(days, 'answered')).toBe(8n)
    expect(sum(days, 'settled')).toBe(BigInt(settled.length))
    expect(sum(days, 'refuted')).toBe(1n)
    expect(sum(days, 'slashed')).toBe(sum(rows.slashings, 'slashed'))
  }
  expect(sum(rows.operators, 'earned')).toBe(sum(settled, 'fee'))
  expect(sum(rows.protocolDays, 'requested')).toBe(9n)
  expect(sum(rows.protocolDays, 'escrowed')).toBe(sum(rows.settlements, 'escrowed'))
  expect(sum(rows.protocolDays, 'refunded')).toBe(sum(rows.settlements, 'refund'))
  expect(sum(rows.protocolDays, 'protocolFees')).toBe(sum(settled, 'protocolFee'))
})

test('behavior: every query of the guide is answered', async () => {
  const guide = await readFile(new URL('../../docs/guides/auditor.md', import.meta.url), 'utf8')
  const queries = [...guide.matchAll(/```graphql\n(.*?)```/gs)].map(([, text]) => text!)
  expect(queries).toHaveLength(6)
  for (const text of queries) {
    const rows = await query<Record<string, unknown>>(
      indexer.url,
      text.replace('"0x00"', `"${answered[5]!.id}"`),
    )
    expect(Object.values(rows)).not.toContain(null)
  }
})

test('behavior: exports hold what the filters ask for, in the order of requests', async () => {
  const all = (await readLines('/export/jobs.jsonl')).map((line) => JSON.parse(line) as Row)
  expect(all.map(({ id }) => id)).toEqual([...world.known.jobs])
  const { operator, rival, payer } = world
  const refuted = await readLines(`/export/jobs.jsonl?status=Refuted&operator=${rival}`)
  expect(refuted.map((line) => (JSON.parse(line) as Row).id)).toEqual([answered[5]!.id])
  const from = `from=${all[2]!.requestedAt}&to=${all[4]!.requestedAt}`
  const some = await readLines(`/export/jobs.jsonl?payer=${payer}&${from}`)
  expect(some.map((line) => (JSON.parse(line) as Row).id)).toEqual([all[2]!.id, all[3]!.id])
  const rest = await readLines(`/export/jobs.jsonl?after=${all[7]!.position}`)
  expect(rest.map((line) => JSON.parse(line) as Row)).toEqual(all.slice(8))

  const [head, ...lines] = await readLines(`/export/jobs.csv?operator=${operator}`)
  expect(head!.split(',')).toEqual(Object.keys(all[0]!))
  const own = all.filter((row) => row.operator === operator.toLowerCase())
  const cells = own.map((row) => Object.values(row).map((value) => `${value ?? ''}`))
  expect(lines.map((line) => line.split(','))).toEqual(cells)
})

test('error: a filter that means nothing is refused', async () => {
  for (const bad of ['status=Lost', 'operator=0x12', 'from=yesterday', 'colour=red']) {
    const response = await fetch(`${indexer.url}/export/jobs.jsonl?${bad}`)
    expect(response.status).toBe(400)
  }
})

test('behavior: tokens sent by mistake are shown and upset nothing', { timeout }, async () => {
  const { token, escrow, payer } = world
  const before = await token.read.balanceOf([escrow.address])
  await token.write.transfer([escrow.address, 7n], { account: payer })
  await indexer.waitForHead()
  const response = await fetch(`${indexer.url}/audit/balance`)
  expect(response.status).toBe(200)
  const { books } = (await response.json()) as { books: Row[] }
  const book = books.find((entry) => entry.book === 'Escrow')
  expect(book).toMatchObject({ ledger: `${before}`, chain: `${before + 7n}` })
})

test('behavior: goes on where it was after a restart on the same database', {
  timeout,
}, async () => {
  await indexer.stop()
  await answer(world, await request(world, { verifier: zeroAddress }))
  indexer = await startWorldIndexer(world, { directory })
  await indexer.waitForHead()
  const mistake = { 'tokens escrow': expect.any(String) }
  expect({ ...(await readIndex(indexer.url)), ...mistake }).toEqual({
    ...(await readChain(world)),
    ...mistake,
  })
})

test('error: a busy port is named', async () => {
  const { deployment } = world
  const { rpcUrl, url } = indexer
  const port = Number(new URL(url).port)
  await expect(startIndexer({ deployment, rpcUrl, port })).rejects.toThrow(IndexerPortBusyError)
})

test('behavior: an aborted start leaves nothing behind', { timeout }, async () => {
  const { deployment } = world
  const controller = new AbortController()
  const port = await findPort()
  const start = startIndexer({
    deployment,
    rpcUrl: indexer.rpcUrl,
    port,
    signal: controller.signal,
  })
  setTimeout(() => controller.abort(), 500)
  await expect(start).rejects.toThrow()
  await expect(fetch(`http://127.0.0.1:${port}/health`)).rejects.toThrow()
})

test('error: an indexer that cannot work says why', { timeout }, async () => {
  const deployment = { ...world.deployment, market: '0x' as Address }
  const start = startIndexer({ deployment, rpcUrl: indexer.rpcUrl, port: await findPort() })
  await expect(start).rejects.toMatchObject({ name: 'IndexerEndedError' })
})
