import { existsSync, mkdtempSync, readFileSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadOperatorConfig, loadWatcherConfig, runCli } from '@assay/node/cli'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { serveChain } from '../../test/faults/support/processes.ts'
import { handOver } from './handOver.ts'

let chain: Awaited<ReturnType<typeof serveChain>>
beforeAll(async () => {
  chain = await serveChain()
})
afterAll(() => chain.stop())

const folder = mkdtempSync(join(tmpdir(), 'assay-local-'))

async function start() {
  const { deployment, model } = chain.suite
  const modelFolder = join(process.cwd(), 'models/digits')
  const place = { folder: '', rpcUrl: chain.url, deployment, weights: [], onDeath() {} }
  return handOver({ world: { ...place, model, modelFolder }, folder })
}

async function balanceOf(role: string) {
  let out = ''
  const code = await runCli({
    arguments: ['balance', '--config', join(folder, `${role}.json`), '--json'],
    write: (text) => {
      out += text
    },
    writeError() {},
    signal: new AbortController().signal,
  })
  return { code, ...JSON.parse(out) }
}

test('behavior: people can act as each role, and start the daemons', async () => {
  const { files, remove } = await start()
  expect(files).toHaveLength(4)
  const accounts = new Set<string>()
  for (const role of ['publisher', 'payer', 'operator', 'watcher']) {
    const balance = await balanceOf(role)
    expect(balance).toMatchObject({ code: 0, tokens: '1000000000' })
    accounts.add(balance.account)
    const key = join(folder, 'keys', role)
    expect(statSync(key).mode & 0o077).toBe(0)
    expect(files.map((file) => readFileSync(file, 'utf8')).join()).not.toContain(
      readFileSync(key, 'utf8').trim(),
    )
  }
  expect(accounts.size).toBe(4)

  const operator = loadOperatorConfig(join(folder, 'operator.json'))
  const watcher = loadWatcherConfig(join(folder, 'watcher.json'))
  for (const { models, deployment } of [operator, watcher]) {
    expect(existsSync(join(models[0]!.folder, 'program.json'))).toBe(true)
    expect(deployment).toEqual(chain.suite.deployment)
  }
  await remove()
  expect(existsSync(folder)).toBe(false)
})
