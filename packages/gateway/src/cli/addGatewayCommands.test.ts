import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createCloser, serveUpstream } from '@assay/testing'
import { Command } from 'commander'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { GatewayConfigError } from '../errors.ts'
import { addGatewayCommands } from './addGatewayCommands.ts'

const { track, closeAll } = createCloser()
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'assay-cli-'))
})
afterEach(async () => {
  await closeAll()
  rmSync(folder, { recursive: true })
})

function run(config: unknown, flags: string[], signal = new AbortController().signal) {
  const file = join(folder, 'gateway.json')
  writeFileSync(file, JSON.stringify(config))
  const lines: string[] = []
  const program = new Command().exitOverride()
  addGatewayCommands(program, { write: (text) => lines.push(text), signal })
  const done = program.parseAsync(['gateway', '--config', file, ...flags], { from: 'user' })
  return { lines, done }
}

test('default: serves until it is asked to stop, and logs JSON', async () => {
  const upstream = await track(serveUpstream())
  const controller = new AbortController()
  const providers = [{ name: 'echo', baseUrl: upstream.url, models: [{ name: 'echo-1' }] }]
  const config = { dataDir: '.', http: { port: 0 }, providers }
  const { lines, done } = run(config, ['--json', '--verbose'], controller.signal)
  const started = () =>
    lines.map((line) => JSON.parse(line)).find(({ msg }) => msg === 'gateway started')
  await expect.poll(started).toBeDefined()
  const messages = [{ role: 'user', content: 'hi' }]
  const response = await fetch(`${started().url}/v1/chat/completions`, {
    method: 'POST',
    body: JSON.stringify({ model: 'echo-1', messages }),
  })
  expect(response.status).toBe(200)
  controller.abort()
  await done
  const logged = lines.map((line) => JSON.parse(line))
  expect(logged.at(-1)).toMatchObject({ msg: 'gateway stopped' })
  expect(logged.map(({ msg }) => msg)).toContain('attempt ended')
})

test('parameters: check', async () => {
  const { lines, done } = run({ dataDir: '.' }, ['--check'])
  await done
  expect(lines.join('')).toContain('the configuration is valid')
  await expect(run({ dataDir: 7 }, ['--check']).done).rejects.toThrow(GatewayConfigError)
})
