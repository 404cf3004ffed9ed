import { deploySuite, dollars, type Fault, faultyTransport } from '@assay/testing'
import { network } from 'hardhat'
import { type Chain, createClient, custom } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { hardhat, mainnet } from 'viem/chains'
import { expect, test } from 'vitest'

import { deposit } from '../actions/deposit.ts'
import { getEscrowBalance } from '../actions/getEscrowBalance.ts'
import { withdraw } from '../actions/withdraw.ts'
import { isRevert } from '../errors/decodeError.ts'
import { AccountMissingError, ChainMismatchError } from '../errors/errors.ts'

const connection = await network.create()
const { viem, networkHelpers } = connection
const account = privateKeyToAccount(generatePrivateKey())
const payer = account.address

async function fixture() {
  const suite = await deploySuite(viem)
  await networkHelpers.setBalance(payer, 10n ** 18n)
  await suite.token.write.mint([payer, dollars(10)])
  return suite
}

async function connect(fault: (method: string, count: number) => Fault | undefined, chain?: Chain) {
  const { deployment, publicClient } = await networkHelpers.loadFixture(fixture)
  const transport = faultyTransport({ client: publicClient, fault })
  const client = createClient({
    account,
    transport,
    pollingInterval: 5,
    ...(chain === undefined ? {} : { chain }),
  })
  return { client, deployment, publicClient }
}

test.each(['fail', 'lose'] as const)('behavior: a %s while sending sends once', async (kind) => {
  const { client, deployment, publicClient } = await connect((method, count) =>
    method === 'eth_sendRawTransaction' && count === 1 ? { kind } : undefined,
  )
  const { receipt } = await deposit(client, { deployment, amount: dollars(4) })
  expect(receipt.status).toBe('success')
  expect(await getEscrowBalance(client, { deployment, payer })).toBe(dollars(4))
  // The approval and the deposit.
  expect(await publicClient.getTransactionCount({ address: payer })).toBe(2)
})

test('behavior: a node that loses the receipt for a while', async () => {
  const { client, deployment } = await connect((method, count) =>
    method === 'eth_getTransactionReceipt' && count % 3 !== 0 ? { kind: 'fail' } : undefined,
  )
  await deposit(client, { deployment, amount: dollars(4) })
  expect(await getEscrowBalance(client, { deployment, payer })).toBe(dollars(4))
})

test('error: a call that would revert is not sent', async () => {
  const { client, deployment, publicClient } = await connect(() => undefined)
  const error = await withdraw(client, { deployment, amount: 1n }).catch((reason) => reason)
  expect(isRevert(error, 'InsufficientBalance') && error.args).toEqual({
    payer,
    spender: expect.stringMatching(new RegExp(deployment.market, 'i')),
    balance: 0n,
    needed: 1n,
  })
  expect(await publicClient.getTransactionCount({ address: payer })).toBe(0)
})

test('error: no account', async () => {
  const { deployment } = await connect(() => undefined)
  const client = createClient({ transport: custom(connection.provider) })
  const send = withdraw(client, { deployment, amount: 1n, to: payer })
  await expect(send).rejects.toThrow(AccountMissingError)
})

test('error: the client is on another chain', async () => {
  const { client, deployment } = await connect(() => undefined, mainnet)
  const send = withdraw(client, { deployment, amount: 1n })
  await expect(send).rejects.toThrow(ChainMismatchError)
  const { client: right } = await connect(() => undefined, hardhat)
  await deposit(right, { deployment, amount: 1n })
})
