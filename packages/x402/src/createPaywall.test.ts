import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { deploySuite } from '@assay/testing'
import { x402Client } from '@x402/core/client'
import { registerExactEvmScheme } from '@x402/evm/exact/client'
import { wrapFetchWithPayment } from '@x402/fetch'
import { network } from 'hardhat'
import { createWalletClient, custom, type Hash, keccak256, parseEther, toHex } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { afterEach, expect, test } from 'vitest'

import { type Charge, createPaywall } from './createPaywall.ts'
import { PaymentMalformedError, PaymentRefusedError } from './errors.ts'
import type { PaymentRecord, PaymentStore } from './paymentStore.ts'

const { viem, networkHelpers, provider } = await network.create()
const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

const charge: Charge = {
  ...{ resource: 'http://operator/v1/chat/completions', description: 'one answer' },
  ...{ amount: 1234n, requestHash: keccak256('0x01') },
}

async function fixture() {
  const suite = await deploySuite(viem)
  const facilitator = privateKeyToAccount(generatePrivateKey())
  await networkHelpers.setBalance(facilitator.address, parseEther('1'))
  const payer = privateKeyToAccount(generatePrivateKey())
  await suite.token.write.mint([payer.address, 1_000_000n])
  return { suite, facilitator, payer }
}

async function setUp() {
  const { suite, facilitator, payer } = await networkHelpers.loadFixture(fixture)
  const { publicClient, deployment, actors, token } = suite
  const records = new Map<Hash, PaymentRecord>()
  const store: PaymentStore = {
    get: (id) => records.get(id),
    put: (id, record) => void records.set(id, record),
  }
  const payTo = actors.operator.account.address
  const parameters = {
    ...{ publicClient, chainId: deployment.chainId, token: deployment.token, payTo, store },
    tokenDomain: { name: 'Assay Test Dollar', version: '1' },
    clock: Date,
    walletClient: createWalletClient({ account: facilitator, transport: custom(provider) }),
    fromBlock: 0n,
  }
  const paywall = createPaywall(parameters)
  const client = new x402Client()
  // The client's own list of tokens knows none of a local chain.
  client.setSpendControls({
    allowedAssets: [{ network: `eip155:${deployment.chainId}`, asset: deployment.token }],
  })
  registerExactEvmScheme(client, { signer: payer })
  const balanceOf = (address: `0x${string}`) => token.read.balanceOf([address])
  const before = await balanceOf(payTo)
  const earned = async () => (await balanceOf(payTo)) - before
  return { ...{ suite, paywall, parameters, client, payer, records, earned, store, facilitator } }
}

/** Signs what a paywall asks for as the official client does. */
async function pay(client: x402Client, headers: Record<string, string>) {
  const { x402HTTPClient } = await import('@x402/core/client')
  const http = new x402HTTPClient(client)
  const get = (name: string) => headers[name.toLowerCase()]
  const required = http.getPaymentRequiredResponse(get, undefined)
  const signed = http.encodePaymentSignatureHeader(await client.createPaymentPayload(required))
  return Object.values(signed)[0]!
}

test('default: a wallet that nobody knows pays for one request', async () => {
  const { paywall, client, payer, earned } = await setUp()
  const header = await pay(client, paywall.challenge(charge))
  const payment = await paywall.verify(header, charge)
  expect(payment.payer).toBe(payer.address)
  expect(await earned()).toBe(0n)
  const { proof, headers } = await payment.settle()
  expect(await earned()).toBe(charge.amount)
  expect(proof).toMatchObject({ scheme: 'x402', network: 'eip155:31337', amount: charge.amount })
  expect(headers['payment-response']).toBeTypeOf('string')
})

test('behavior: the official client pays over HTTP and gets what it paid for', async () => {
  const { paywall, client, earned } = await setUp()
  const server = createServer(async (request, response) => {
    const header = request.headers['payment-signature']
    if (typeof header !== 'string') return response.writeHead(402, paywall.challenge(charge)).end()
    const { headers } = await (await paywall.verify(header, charge)).settle()
    response.writeHead(200, headers).end('answer')
  }).listen(0, '127.0.0.1')
  closing.push(() => server.close())
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  const response = await wrapFetchWithPayment(fetch, client)(`http://127.0.0.1:${port}/`)
  expect([response.status, await response.text()]).toEqual([200, 'answer'])
  expect(await earned()).toBe(charge.amount)
})

test('behavior: sent twice, paid once', async () => {
  const { paywall, client, earned } = await setUp()
  const header = await pay(client, paywall.challenge(charge))
  const first = await paywall.verify(header, charge)
  const settled = await first.settle()
  expect(await first.settle()).toEqual(settled)
  const second = await paywall.verify(header, charge)
  expect(second.id).toBe(first.id)
  expect(await second.settle()).toEqual(settled)
  expect(await earned()).toBe(charge.amount)
})

test('behavior: a process that forgot the answer of the chain finds the transfer there', async () => {
  const { paywall, client, records, earned, parameters } = await setUp()
  const header = await pay(client, paywall.challenge(charge))
  const { id, settle } = await paywall.verify(header, charge)
  const { proof } = await settle()
  for (const record of [
    undefined,
    { state: 'sending', requestHash: charge.requestHash } as const,
  ]) {
    if (record === undefined) records.delete(id)
    else records.set(id, record)
    const again = await createPaywall(parameters).verify(header, charge)
    expect((await again.settle()).proof).toEqual(proof)
  }
  expect(await earned()).toBe(charge.amount)
})

test('behavior: who submits the payment himself has paid', async () => {
  const { paywall, client, parameters, store, earned, suite } = await setUp()
  const header = await pay(client, paywall.challenge(charge))
  const { walletClient } = parameters
  const elsewhere = createPaywall({ ...parameters, walletClient, store: { ...store, put() {} } })
  const ours = await paywall.verify(header, charge)
  const early = await elsewhere.verify(header, charge)
  await early.settle().catch(() => undefined)
  const { proof } = await ours.settle()
  const receipt = await suite.publicClient.getTransactionReceipt({ hash: proof.transaction })
  expect(receipt.status).toBe('success')
  expect(await earned()).toBe(charge.amount)
})

test('error: another price, another seller, another request', async () => {
  const { paywall, parameters, client, earned } = await setUp()
  const header = await pay(client, paywall.challenge(charge))
  const refused = async (attempt: Promise<unknown>) =>
    expect(attempt).rejects.toThrow(PaymentRefusedError)
  await refused(paywall.verify(header, { ...charge, amount: charge.amount + 1n }))
  const payTo = parameters.walletClient.account.address
  await refused(createPaywall({ ...parameters, payTo }).verify(header, charge))
  await (await paywall.verify(header, charge)).settle()
  await refused(paywall.verify(header, { ...charge, requestHash: keccak256('0x02') }))
  expect(await earned()).toBe(charge.amount)
})

test('error: a signature that is not the payer’s, before and after it was paid', async () => {
  const { paywall, client } = await setUp()
  const header = await pay(client, paywall.challenge(charge))
  const payload = JSON.parse(Buffer.from(header, 'base64').toString())
  payload.payload.signature = await privateKeyToAccount(toHex(9n, { size: 32 })).signMessage({
    message: 'me',
  })
  const forged = Buffer.from(JSON.stringify(payload)).toString('base64')
  await expect(paywall.verify(forged, charge)).rejects.toThrow(PaymentRefusedError)
  await (await paywall.verify(header, charge)).settle()
  await expect(paywall.verify(forged, charge)).rejects.toThrow(PaymentRefusedError)
})

test('error: a payer without the money, at once and when it is taken', async () => {
  const { paywall, client, payer, suite } = await setUp()
  const costly = { ...charge, amount: 1_000_001n }
  const header = await pay(client, paywall.challenge(costly))
  await expect(paywall.verify(header, costly)).rejects.toThrow(PaymentRefusedError)

  const affordable = await pay(client, paywall.challenge(charge))
  const payment = await paywall.verify(affordable, charge)
  await networkHelpers.impersonateAccount(payer.address)
  await networkHelpers.setBalance(payer.address, parseEther('1'))
  const to = suite.actors.rival.account.address
  await suite.token.write.transfer([to, 1_000_000n], { account: payer.address })
  await expect(payment.settle()).rejects.toThrow(PaymentRefusedError)
})

test('error: a payment whose time is over, or does not end', async () => {
  const { paywall, client, parameters, earned } = await setUp()
  const header = await pay(client, paywall.challenge(charge))
  await (await paywall.verify(header, charge)).settle()
  const at = (seconds: number) =>
    createPaywall({ ...parameters, clock: { now: () => Date.now() + seconds * 1000 } })
  await (await at(290).verify(header, charge)).settle()
  await expect(at(301).verify(header, charge)).rejects.toThrow(PaymentRefusedError)
  await expect(at(-70).verify(header, charge)).rejects.toThrow(PaymentRefusedError)
  expect(await earned()).toBe(charge.amount)
})

test('error: headers that are no payment', async () => {
  const { paywall } = await setUp()
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64')
  for (const header of ['', '%%%', encode({}), encode({ x402Version: 1 }), encode([])]) {
    await expect(paywall.verify(header, charge)).rejects.toThrow(PaymentMalformedError)
  }
})
