import { readFileSync, writeFileSync } from 'node:fs'
import { getJob } from '@assay/sdk'
import { decodeTrace } from '@assay/tensor'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { until } from '../faults/support/operator.ts'
import { cli, linesOf, serveChain, startProcess, writeConfig } from '../faults/support/processes.ts'
import { accountAt } from '../faults/support/suite.ts'

const account = accountAt(2)
let chain: Awaited<ReturnType<typeof serveChain>>
let config: string

beforeAll(async () => {
  chain = await serveChain()
  await chain.suite.enlist(account)
  config = await writeConfig({ suite: chain.suite, account, rpcUrl: chain.url, port: 0 })
})
afterAll(() => chain.stop())

test('default: a process serves jobs and its traces, and stops when asked', async () => {
  const { suite } = chain
  const { deployment, program } = suite
  const operator = startProcess(cli, ['operator', '--config', config, '--json'])
  await until('its start', () => operator.lines.length > 0)
  const { url } = linesOf(operator, 'operator started')[0] as { url: string }
  await chain.tick(100)
  const { id, input } = await suite.request()
  await until('the answer', () => linesOf(operator, 'answer final').length > 0)

  const { answer } = await getJob(suite.chain, { deployment, id })
  const response = await fetch(`${url}/traces/${answer!.claimId}`)
  const bytes = new Uint8Array(await response.arrayBuffer())
  expect(response.headers.get('content-type')).toBe('application/octet-stream')
  expect(decodeTrace({ program, input, bytes }).evidenceHash).toBe(answer!.evidenceHash)
  expect((await fetch(`${url}/traces/${id}`)).status).toBe(404)
  expect((await fetch(`${url}/traces/../etc`)).status).toBe(404)
  expect(await (await fetch(`${url}/healthz`)).json()).toMatchObject({ isHealthy: true })
  const metrics = await (await fetch(`${url}/metrics`)).text()
  expect(metrics).toContain('assay_answer_own_seconds_count 1')
  expect(metrics).toContain('assay_intents_total{kind="answer",state="final"} 1')

  operator.child.kill('SIGTERM')
  expect(await operator.ended).toBe(0)
  expect(linesOf(operator, 'operator stopped')).toHaveLength(1)
})

test('error: two processes with one journal', async () => {
  const first = startProcess(cli, ['operator', '--config', config, '--json'])
  await until('its start', () => first.lines.length > 0)
  const second = startProcess(cli, ['operator', '--config', config])
  expect(await second.ended).toBe(3)
  first.child.kill('SIGINT')
  expect(await first.ended).toBe(0)
})

test('error: a journal of another market', async () => {
  const text = JSON.parse(readFileSync(config, 'utf8'))
  const { deployment } = chain.suite
  const file = `${config}.other.json`
  const other = { ...text, deployment: { ...deployment, market: deployment.escrow } }
  writeFileSync(file, JSON.stringify(other))
  const operator = startProcess(cli, ['operator', '--config', file])
  expect(await operator.ended).toBe(4)
  expect(operator.errors[0]).toMatch(/^The journal belongs to market/)
})

test('error: a configuration that is wrong says where', async () => {
  const file = `${config}.wrong.json`
  writeFileSync(file, JSON.stringify({ chain: { rpcUrls: ['ftp:'] }, models: [] }))
  const operator = startProcess(cli, ['operator', '--config', file])
  expect(await operator.ended).toBe(2)
  const text = operator.errors.join('\n')
  for (const field of ['models', 'deployment', 'dataDir']) expect(text).toContain(field)
})

test('behavior: blocks are heard of over WebSocket, however rarely the operator looks', async () => {
  const { suite, url: rpcUrl } = chain
  const other = accountAt(3)
  await chain.tick(0)
  await suite.chain.setAutomine(true)
  await suite.enlist(other)
  const wsUrl = rpcUrl.replace('http', 'ws')
  const rare = await writeConfig({
    ...{ suite, account: other, rpcUrl, port: 0 },
    overrides: { chain: { rpcUrls: [rpcUrl], wsUrl, pollMs: 60_000, confirmations: 1 } },
  })
  const operator = startProcess(cli, ['operator', '--config', rare, '--json'])
  await until('its start', () => operator.lines.length > 0)
  await chain.tick(500)
  await suite.request()
  await until('the answer', () => linesOf(operator, 'answer final').length > 0, 15_000)
  operator.child.kill('SIGTERM')
  expect(await operator.ended).toBe(0)
})
