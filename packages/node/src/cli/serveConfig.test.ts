import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { keccak256, zeroAddress } from 'viem'
import { afterEach, expect, test, vi } from 'vitest'

import { loadOperatorConfig } from './config.ts'
import { ConfigError } from './errors.ts'
import { operatorConfigSchema } from './operatorConfig.ts'

const version = keccak256('0x01')
const model = { name: 'echo', version, backend: { kind: 'openai', model: 'echo-1' } }
const names = ['token', 'manager', 'registry', 'escrow', 'staking', 'market', 'tensorVerifier']
const deployment = {
  ...{ chainId: 31337, startBlock: 0 },
  ...Object.fromEntries([...names, 'audits', 'ledger'].map((name) => [name, zeroAddress])),
}
const base = { chain: { rpcUrls: ['http://127.0.0.1:8545'] }, deployment, dataDir: 'data' }

/** Writes a configuration with these models beside a key, and reads it. */
function load(models: readonly object[], key = 'sk-file\n') {
  const folder = mkdtempSync(join(tmpdir(), 'assay-config-'))
  writeFileSync(join(folder, 'key'), keccak256('0x02'))
  writeFileSync(join(folder, 'upstream'), key)
  const file = join(folder, 'operator.json')
  writeFileSync(file, JSON.stringify({ ...base, keyFile: 'key', serve: { models } }))
  return { folder, config: loadOperatorConfig(file) }
}

afterEach(() => vi.unstubAllEnvs())

const guide = readFileSync('docs/guides/operator.md', 'utf8')
const blocks = [...guide.matchAll(/```json\n([\s\S]*?)```/g)].map(([, block]) => block!)
const examples = blocks.filter((block) => block.includes('"serve"'))

test('default: the examples of the guide are configurations', () => {
  expect(examples.length).toBe(3)
  for (const example of examples) {
    const { serve } = JSON.parse(example.replaceAll('"0x…"', JSON.stringify(version)))
    const parsed = operatorConfigSchema.parse({ ...base, serve })
    expect(parsed.serve?.models.length).toBe(serve.models.length)
  }
})

test('behavior: keys come from the environment or a file', () => {
  vi.stubEnv('TEST_UPSTREAM_KEY', ' sk-environment ')
  const { config, folder } = load([
    { ...model, name: 'a', backend: { ...model.backend, keyEnv: 'TEST_UPSTREAM_KEY' } },
    { ...model, name: 'b', backend: { ...model.backend, keyFile: 'upstream' } },
    { ...model, name: 'c' },
    { ...model, name: 'd', backend: { kind: 'exact', folder: 'models/digits' } },
  ])
  expect(Object.fromEntries(config.upstreamKeys)).toEqual({ a: 'sk-environment', b: 'sk-file' })
  expect(config.serve?.models[3]?.backend).toEqual({
    ...{ kind: 'exact', folder: join(folder, 'models/digits') },
  })
})

test.each([
  ['an environment variable that is not set', { keyEnv: 'TEST_NO_SUCH_KEY' }, undefined],
  ['a file that is not there', { keyFile: 'none' }, undefined],
  ['a file of several lines', { keyFile: 'upstream' }, 'sk-a\nsk-b'],
  ['an empty file', { keyFile: 'upstream' }, '\n'],
  ['two places', { keyFile: 'upstream', keyEnv: 'PATH' }, undefined],
])('error: a key in %s', (_, where, key) => {
  const backend = { ...model.backend, ...where }
  expect(() => load([{ ...model, backend }], key)).toThrow(ConfigError)
})

test.each([
  ['a key within', { ...model, backend: { ...model.backend, key: 'sk-1' } }],
  ['a backend of no kind', { ...model, backend: { kind: 'magic', model: 'a' } }],
  ['a price that is no amount', { ...model, price: { perRequest: '-1' } }],
  ['a path for a package', { ...model, backend: { kind: 'provider', package: './x', model: 'a' } }],
  ['a URL that is no HTTP', { ...model, backend: { ...model.backend, baseUrl: 'file:///etc' } }],
])('error: %s', (_, wrong) => {
  expect(() => load([wrong])).toThrow(ConfigError)
})

test('error: two models of one name, or none at all', () => {
  expect(() => load([model, model])).toThrow(ConfigError)
  expect(() => load([])).toThrow(ConfigError)
  expect(operatorConfigSchema.safeParse(base).success).toBe(false)
})
