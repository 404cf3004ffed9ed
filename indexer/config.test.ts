import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { InvalidDeploymentError } from '@assay/protocol'
import { getAddress } from 'viem'
import { expect, test } from 'vitest'

import { childEnvironment, readConfig } from './config.ts'

const address = getAddress('0x00000000000000000000000000000000000000aa')
const deployment = {
  chainId: 8453,
  startBlock: 7,
  token: address,
  manager: address,
  escrow: address,
  staking: address,
  registry: address,
  market: address,
  tensorVerifier: address,
  audits: address,
  ledger: address,
}
const ASSAY_DEPLOYMENT = JSON.stringify(deployment)

test('default', () => {
  expect(readConfig({ ASSAY_DEPLOYMENT })).toEqual({
    deployment,
    rpcUrls: ['http://127.0.0.1:8545'],
    database: 'memory://',
  })
})

test('parameters: the deployment may be a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'assay-config-'))
  const file = join(folder, 'deployment.json')
  writeFileSync(file, ASSAY_DEPLOYMENT)
  expect(readConfig({ ASSAY_DEPLOYMENT: file }).deployment).toEqual(deployment)
  rmSync(folder, { recursive: true })
})

test('parameters: several endpoints share the load', () => {
  const ASSAY_RPC_URL = 'https://a.example, https://b.example/key'
  const { rpcUrls } = readConfig({ ASSAY_DEPLOYMENT, ASSAY_RPC_URL })
  expect(rpcUrls).toEqual(['https://a.example', 'https://b.example/key'])
})

test('behavior: a local node gets many allowances', () => {
  const local = JSON.stringify({ ...deployment, chainId: 31337 })
  const { rpcUrls } = readConfig({ ASSAY_DEPLOYMENT: local, ASSAY_RPC_URL: 'http://127.0.0.1:1/' })
  expect(new Set(rpcUrls).size).toBe(50)
  expect(new Set(rpcUrls.map((url) => new URL(url).origin))).toEqual(
    new Set(['http://127.0.0.1:1']),
  )
})

test('behavior: a child reads what its parent was told', () => {
  const rpcUrl = 'https://a.example'
  const environment = childEnvironment({ deployment, rpcUrl, database: 'folder' })
  expect(readConfig(environment)).toEqual({ deployment, rpcUrls: [rpcUrl], database: 'folder' })
  expect(environment).not.toHaveProperty('PORT')
})

test('error: a deployment without market is refused', () => {
  const { market: _, ...rest } = deployment
  const read = () => readConfig({ ASSAY_DEPLOYMENT: JSON.stringify(rest) })
  expect(read).toThrow(InvalidDeploymentError)
})
