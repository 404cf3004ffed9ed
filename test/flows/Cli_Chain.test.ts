import { writeFileSync } from 'node:fs'
import { operatorStakingAbi } from '@assay/protocol'
import { getEscrowBalance } from '@assay/sdk'
import { type Address, parseEventLogs } from 'viem'
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts'
import { afterEach, beforeAll, expect, test, vi } from 'vitest'

import { type CommandLine, openCommandLine } from './commandLine.ts'

let line: CommandLine
beforeAll(async () => {
  line = await openCommandLine()
  return line.close
})
afterEach(() => vi.unstubAllEnvs())

const noId = `0x${'ab'.repeat(32)}`

function options(role = 'payer') {
  const { path, url } = line
  return ['--rpc', url, '--deployment', path('deployment.json'), '--key-file', path(`${role}.key`)]
}

test('default: money goes into escrow and comes back', async () => {
  const { as, addresses } = line
  expect((await as('payer', 'deposit', '1.50', '--json')).json()).toMatchObject({
    account: addresses.payer,
    amount: '1500000',
    balance: '1500000',
  })
  expect((await as('payer', 'deposit', '2', '--for', 'bonds')).code).toBe(0)
  expect((await as('payer', 'withdraw', '0.50')).out).toContain('1.00 tUSD held for fees')
  expect((await as('payer', 'balance', '--json')).json()).toMatchObject({
    ...{ tokens: '997000000', fees: '1000000', bonds: '2000000', freeStake: '0', reward: '0' },
  })
  const other = await as('payer', 'balance', addresses.operator, '--json')
  expect(other.json()).toMatchObject({ account: addresses.operator, fees: '0' })
})

test('behavior: stake is put behind a version, thaws, and is taken out', async () => {
  const { as, suite } = line
  const { model } = suite
  const played = await as('operator', 'stake', 'add', model, '10', '--json')
  expect(played.json()).toMatchObject({ active: '0', pending: '10000000' })
  const early = await as('operator', 'stake', 'activate', model)
  expect(early.code).toBe(5)
  expect(early.error).toMatch(/ActivationTooEarly.*\nactiveAt: \d+\ntimestamp: \d+\n$/)

  await suite.chain.increaseTime({ seconds: 60 })
  await as('operator', 'stake', 'activate', model)
  const thawing = await as('operator', 'stake', 'thaw', model, '4', '--json')
  expect(thawing.json()).toMatchObject({ active: '6000000', thawing: '4000000' })
  expect((await as('operator', 'stake', 'withdraw', model)).error).toContain('ThawTooEarly')
  await suite.chain.increaseTime({ seconds: 600 })
  expect((await as('operator', 'stake', 'withdraw', model, '--json')).json()).toMatchObject({
    amount: '4000000',
  })
  expect((await as('operator', 'balance', '--json')).json()).toMatchObject({ tokens: '994000000' })
})

test('behavior: stake of an auditor, and rewards, are kept apart', async () => {
  const { as, suite } = line
  const { model } = suite
  const auditing = ['--for', 'audits', '--json']
  const added = await as('refuter', 'stake', 'add', model, '5', ...auditing)
  expect(added.json()).toMatchObject({ for: 'audits', pending: '5000000' })
  await suite.chain.increaseTime({ seconds: 60 })
  const activated = await as('refuter', 'stake', 'activate', model, ...auditing)
  expect(activated.json()).toMatchObject({ active: '5000000' })
  expect((await as('refuter', 'stake', 'show', model, '--json')).json()).toMatchObject({
    ...{ for: 'answers', active: '0', pending: '0' },
  })
  const thawing = await as('refuter', 'stake', 'thaw', model, '5', ...auditing)
  expect(thawing.json()).toMatchObject({ active: '0', thawing: '5000000' })
  await suite.chain.increaseTime({ seconds: 600 })
  expect((await as('refuter', 'stake', 'withdraw', model, ...auditing)).json()).toMatchObject({
    amount: '5000000',
  })
  await as('refuter', 'deposit', '3', '--for', 'audits')
  expect((await as('refuter', 'balance', '--json')).json()).toMatchObject({
    ...{ audits: '3000000', fees: '0' },
  })
  expect((await as('refuter', 'withdraw', '3', ...auditing)).json()).toMatchObject({ balance: '0' })
})

test('behavior: tokens for tabs are kept apart from those for fees', async () => {
  const { addresses, as, suite } = line
  const { deployment, chain } = suite
  const payer = addresses.payer as Address
  const before = (await as('payer', 'balance', '--json')).json()
  const tabs = ['--for', 'receipts', '--json']
  expect((await as('payer', 'deposit', '2.50', ...tabs)).json()).toMatchObject({
    ...{ for: 'receipts', balance: '2500000' },
  })
  const spender = deployment.ledger
  expect(await getEscrowBalance(chain, { deployment, payer, spender })).toBe(2_500_000n)
  const after = (await as('payer', 'balance', '--json')).json()
  expect(after).toMatchObject({ receipts: '2500000', fees: before.fees })
  await as('payer', 'withdraw', '2.50', ...tabs)
  expect((await as('payer', 'balance', '--json')).json()).toMatchObject({ receipts: '0' })
})

test('behavior: what an operator asks for a version is stated on-chain', async () => {
  const { as, addresses, suite } = line
  const { chain, deployment, model } = suite
  const stated = async (...args: string[]) => {
    const played = await as('operator', 'stake', 'price', model, ...args, '--json')
    expect(played).toMatchObject({ code: 0, error: '' })
    const { transaction: hash, ...printed } = played.json()
    const { logs } = await chain.waitForTransactionReceipt({ hash })
    const [log] = parseEventLogs({ abi: operatorStakingAbi, eventName: 'AskSet', logs })
    const { operator, price, serving } = log!.args
    expect(printed).toEqual({ operator, version: log!.args.model, price: `${price}`, serving })
    return { ...log!.args, at: log!.address.toLowerCase() }
  }
  const ask = { operator: addresses.operator, model, at: deployment.staking.toLowerCase() }
  expect(await stated('0.50')).toEqual({ ...ask, price: 500_000n, serving: true })
  expect(await stated('0', '--not-serving')).toEqual({ ...ask, price: 0n, serving: false })
  expect((await as('operator', 'stake', 'price', noId, '1')).code).toBe(2)
  expect((await as('operator', 'stake', 'price', model, '0.0000001')).code).toBe(2)
})

test('behavior: stake that waits is activated as soon as it may be', async () => {
  const { as, suite } = line
  const waiting = as('publisher', 'stake', 'add', suite.model, '3', '--wait', '--json')
  await new Promise((resolve) => setTimeout(resolve, 1_000))
  await suite.chain.increaseTime({ seconds: 60 })
  await suite.chain.mine({ blocks: 1 })
  const played = await waiting
  expect(played).toMatchObject({ code: 0, error: '' })
  expect(played.json()).toMatchObject({ active: '3000000', pending: '0' })
})

test('parameters: options come before the configuration, that before the environment', async () => {
  const { addresses, assay, path, url } = line
  vi.stubEnv('ASSAY_RPC_URL', url)
  vi.stubEnv('ASSAY_DEPLOYMENT', path('deployment.json'))
  const account = async (...args: string[]) =>
    (await assay('balance', ...args, '--print', 'account')).out.trim()
  const key = generatePrivateKey()
  vi.stubEnv('ASSAY_PRIVATE_KEY', key)
  expect(await account()).toBe(privateKeyToAddress(key))
  vi.stubEnv('ASSAY_CONFIG', path('operator.json'))
  expect(await account()).toBe(addresses.operator)
  expect(await account('--config', path('payer.json'))).toBe(addresses.payer)
  const options = ['--config', path('payer.json'), '--key-file', path('refuter.key')]
  expect(await account(...options)).toBe(addresses.refuter)
  expect((await assay('balance', ...options, '--rpc', 'http://127.0.0.1:9')).code).toBe(1)
})

test('behavior: looking needs no key', async () => {
  const { addresses, assay } = line
  const [rpc, deployment] = [options().slice(0, 2), options().slice(2, 4)]
  const balance = ['balance', addresses.payer, '--json']
  expect((await assay(...balance, ...rpc, ...deployment)).code).toBe(0)
  expect((await assay('balance', ...rpc, ...deployment)).code).toBe(2)
})

test('error: what the command needs is not named, or is wrong', async () => {
  const { assay, path, write } = line
  const [rpc, deployment] = [options().slice(0, 2), options().slice(2, 4)]
  const missing = [
    await assay('balance'),
    await assay('balance', ...rpc),
    await assay('balance', ...deployment),
    await assay('deposit', '1', ...rpc, ...deployment),
    await assay('deposit', '1', '--config', path('none.json')),
    await assay('deposit', '1', '--config', write('list.json', '[]')),
    await assay('balance', ...options(), '--rpc', 'secret of somebody'),
    await assay('deposit', '1.0000001', ...options()),
    await assay('deposit', '1', '--for', 'fun', ...options()),
    await assay('balance', ...options(), '--print', 'nothing'),
  ]
  for (const { code, out, error } of missing) {
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(error).not.toMatch(/secret of|\n {4}at /)
  }
})

test('error: no chain, another chain, and a chain without the contracts', async () => {
  const { assay, path, suite } = line
  const missing = await assay('balance', ...options(), '--rpc', 'http://127.0.0.1:9/key-of-mine')
  expect(missing).toMatchObject({ code: 1, out: '', error: 'No chain replies at 127.0.0.1:9.\n' })

  const { deployment } = suite
  const deploy = (content: object) => {
    writeFileSync(path('elsewhere.json'), JSON.stringify({ ...deployment, ...content }))
    return assay('balance', ...options(), '--deployment', path('elsewhere.json'))
  }
  expect((await deploy({ chainId: 1 })).code).toBe(4)
  expect((await deploy({ market: `0x${'12'.repeat(20)}` })).code).toBe(4)
  expect((await deploy({ market: 'nowhere' })).code).toBe(2)
})

test('error: funds that are not there', async () => {
  const { as, assay, suite, write } = line
  const tokens = await as('refuter', 'deposit', '1000.01')
  expect(tokens.code).toBe(5)
  expect(tokens.error).toContain('has 1000.00 tUSD, needed 1000.01 tUSD')
  expect((await as('refuter', 'withdraw', '1')).error).toContain('InsufficientBalance')
  expect((await as('refuter', 'stake', 'add', suite.model, '1001')).code).toBe(5)

  const key = generatePrivateKey()
  const poor = write('poor.key', key)
  await suite.mint(privateKeyToAddress(key), 5)
  const gas = await assay('deposit', '1', ...options().slice(0, 4), '--key-file', poor)
  expect(gas.code).toBe(5)
  expect(gas.error).toContain(privateKeyToAddress(key))
  expect(gas.error).not.toContain(key.slice(2))
})

test('error: a key that is none is not shown', async () => {
  const { assay, write } = line
  const bad = write('bad.key', `${generatePrivateKey()}77`)
  const { code, error } = await assay('balance', ...options().slice(0, 4), '--key-file', bad)
  expect({ code, error }).toEqual({ code: 2, error: 'The private key is not 32 bytes in hex.\n' })
})

test('behavior: a daemon takes models besides those of its configuration', async () => {
  const { assay, path, write, url } = line
  const config = {
    ...{ chain: { rpcUrls: [url] }, deployment: 'deployment.json', keyFile: 'payer.key' },
    ...{ dataDir: 'data', models: [] },
  }
  const file = write('watcher.json', JSON.stringify(config))
  // Without any model the configuration is wrong; with one, the folder is looked for.
  expect((await assay('watch', '--config', file)).error).toContain('models')
  const added = await assay('watch', '--config', file, '--model', `${noId}=${path('no-model')}`)
  expect(added.error).toContain('no-model')
  expect((await assay('watch', '--config', file, '--model', noId)).code).toBe(2)
})
