import { readFileSync } from 'node:fs'
import { toHex } from 'viem'
import { privateKeyToAddress } from 'viem/accounts'
import { describe, expect, test } from 'vitest'

import { GatewayConfigError } from '../errors.ts'
import * as gateway from '../exports/index.ts'
import { completeGatewayConfig } from './config.ts'

const guide = readFileSync('docs/guides/gateway.md', 'utf8')
const examples = [...guide.matchAll(/```json\n([^`]+)```/g)].map(([, text]) => JSON.parse(text!))
const at = (index: number) => toHex(index, { size: 20 })
const deployment = {
  ...{ chainId: 1, startBlock: 0, token: at(1), manager: at(2), escrow: at(3), staking: at(4) },
  ...{ registry: at(5), market: at(6), tensorVerifier: at(7), audits: at(8), ledger: at(9) },
}
const environment = {
  OPENAI_API_KEY: 'sk-1',
  WEB_KEY: 'foo',
  ASSAY_PAYER_KEY: toHex(7n, { size: 32 }),
}
const load = (value: unknown, given: Record<string, string> = environment) =>
  completeGatewayConfig(value, '/folder', given)

describe('what is sold by x402', () => {
  const sellerKey = toHex(8n, { size: 32 })
  const given = { ...environment, SELLER_KEY: sellerKey }
  const x402 = { keyEnv: 'SELLER_KEY' }
  const selling = { dataDir: '.', deployment, rpcUrl: 'http://127.0.0.1:8545' }

  test('default: the key that sends the transfers is read', () => {
    const { seller } = load({ ...selling, x402: { ...x402, payTo: at(10) } }, given)
    expect(seller!.address).toBe(privateKeyToAddress(sellerKey))
    expect(load(selling, given).seller).toBeUndefined()
  })

  test.each([
    ['no chain', { ...selling, rpcUrl: undefined, x402: { ...x402, payTo: at(10) } }],
    ['no deployment', { ...selling, deployment: undefined, x402: { ...x402, payTo: at(10) } }],
    ['nobody who is paid', { ...selling, x402 }],
    ['no key', { ...selling, x402: { keyEnv: 'NO_KEY', payTo: at(10) } }],
    ['no place of a key', { ...selling, x402: { payTo: at(10) } }],
    ['two places', { ...selling, x402: { ...x402, keyFile: 'key', payTo: at(10) } }],
    [
      "the payer's own key",
      { ...selling, payer: { exposure: '1' }, x402: { keyEnv: 'ASSAY_PAYER_KEY' } },
    ],
    ['a key of that name', { ...selling, keys: [{ name: 'x402', env: 'WEB_KEY' }] }],
  ])('error: %s', (_, config) => {
    expect(() => load(config, given)).toThrow(GatewayConfigError)
  })
})

describe('the guide', () => {
  test('default: its examples are configurations', () => {
    const [providers, operators] = examples
    expect(examples).toHaveLength(2)
    const simple = load(providers)
    expect(simple.dataDir).toBe('/folder/gateway')
    expect(simple.providers[1]!.headers).toEqual({ authorization: 'Bearer sk-1' })
    expect(simple.settlement).toBeUndefined()
    const full = load({ ...operators, deployment })
    expect(full.settlement).toEqual({ chainId: 1, ledger: at(9) })
    expect(full.keys.map(({ hash }) => Buffer.from(hash).toString('hex'))).toEqual([
      operators.keys[1].hash,
      operators.keys[1].hash,
    ])
  })

  test('behavior: it names every field', () => {
    const fields = Object.keys(gateway.gatewayConfigSchema.shape)
    expect(fields.filter((field) => !guide.includes(field))).toEqual([])
  })

  test('behavior: the README names every export', () => {
    const readme = readFileSync('packages/gateway/README.md', 'utf8')
    expect(Object.keys(gateway).filter((name) => !readme.includes(`\`${name}`))).toEqual([])
  })
})

test.each([
  ['an unknown field', { extra: 1 }],
  ['no dataDir', { dataDir: undefined }],
  ['a payer without a ledger', { payer: { exposure: '1' } }],
  ['an amount that is a number', { chainId: 1, ledger: at(9), payer: { exposure: 1 } }],
  ['a key without a hash', { keys: [{ name: 'a' }] }],
  ['a key whose variable is not set', { keys: [{ name: 'a', env: 'UNSET' }] }],
  [
    'a provider whose variable is not set',
    { providers: [{ name: 'a', baseUrl: 'http://a', keyEnv: 'UNSET', models: [{ name: 'a' }] }] },
  ],
])('error: %s', (_, change) => {
  expect(() => load({ dataDir: '.', ...change })).toThrow(GatewayConfigError)
})

test('error: no payer’s key, and one that is none, which is not shown', () => {
  const value = { dataDir: '.', chainId: 1, ledger: at(9), payer: { exposure: '1' } }
  expect(() => load(value, {})).toThrow(GatewayConfigError)
  const caught = (() => {
    try {
      return load(value, { ASSAY_PAYER_KEY: '0xsecret' })
    } catch (error) {
      return error as Error
    }
  })()
  expect(caught).toBeInstanceOf(GatewayConfigError)
  expect(String(caught)).not.toContain('secret')
})
