import { type Job, jobTypedData } from '@assay/protocol'
import { type Address, getAddress, type Hex, slice, zeroAddress } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, test } from 'vitest'

import { dollars, networkHelpers, provider, viem } from '../fixtures.ts'
import { createJob, deployMarket, type MarketFixture, marketArguments } from './fixtures.ts'

const statusOpen = 1
const conduct = { honest: 0, revert: 1, burnAllGas: 2, returnMegabyte: 3, returnShort: 4 }

/** Signature of `signer` under `job` in the domain of `market`. */
async function signJob(signer: Address, market: Address, job: Job): Promise<Hex> {
  const client = await viem.getWalletClient(signer)
  return client.signTypedData(jobTypedData({ chainId: client.chain.id, market, job }))
}

async function deployWallet() {
  const fixture = await deployMarket()
  const { escrow, market, operator } = fixture
  const wallet = await viem.deployContract('SmartWallet', [operator])
  await escrow.write.deposit([wallet.address, market.address, dollars(100)], {
    account: fixture.payer,
  })
  return { ...fixture, wallet }
}

test('default', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, escrow, payer, submitter } = fixture
  const job = await createJob(fixture)
  const signature = await signJob(payer, market.address, job)
  const id = await market.read.jobId([job])

  await market.write.requestFor([job, '0x', signature], { account: submitter })

  expect(await market.read.statusOf([id])).toBe(statusOpen)
  expect(await escrow.read.balanceOf([payer, market.address])).toBe(dollars(5000) - job.feeMax)
})

test('behavior: submitting again changes and costs nothing, whatever the signature', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, escrow, payer, submitter } = fixture
  const job = await createJob(fixture)
  const signature = await signJob(payer, market.address, job)
  await market.write.requestFor([job, '0x', signature], { account: submitter })
  const balance = await escrow.read.balanceOf([payer, market.address])

  await market.write.requestFor([job, '0x', signature], { account: submitter })
  await market.write.requestFor([job, '0x', '0x'], { account: submitter })
  await market.write.request([job, '0x'], { account: payer })

  expect(await escrow.read.balanceOf([payer, market.address])).toBe(balance)
})

async function expectSignatureInvalid(fixture: MarketFixture, job: Job, signature: Hex) {
  const { market, submitter } = fixture
  await viem.assertions.revertWithCustomErrorWithArgs(
    market.write.requestFor([job, '0x', signature], { account: submitter }),
    market,
    'SignatureInvalid',
    [getAddress(job.payer)],
  )
}

describe('error: a signature', () => {
  test('of somebody else', async () => {
    const fixture = await networkHelpers.loadFixture(deployMarket)
    const job = await createJob(fixture)
    const signature = await signJob(fixture.rival, fixture.market.address, job)
    await expectSignatureInvalid(fixture, job, signature)
  })

  test('under another job', async () => {
    const fixture = await networkHelpers.loadFixture(deployMarket)
    const job = await createJob(fixture)
    const signature = await signJob(fixture.payer, fixture.market.address, job)
    await expectSignatureInvalid(fixture, { ...job, feeMax: job.feeMax + 1n }, signature)
  })

  test.each([0, 64, 66])('of %i bytes', async (length) => {
    const fixture = await networkHelpers.loadFixture(deployMarket)
    const job = await createJob(fixture)
    const signature = await signJob(fixture.payer, fixture.market.address, job)
    const padded: Hex = `${signature}00`
    await expectSignatureInvalid(fixture, job, length === 0 ? '0x' : slice(padded, 0, length))
  })

  test('for the zero address, which an invalid one would recover to', async () => {
    const fixture = await networkHelpers.loadFixture(deployMarket)
    const job = await createJob(fixture, { payer: zeroAddress })
    await expectSignatureInvalid(fixture, job, `0x${'00'.repeat(65)}`)
  })
})

test('attack 7, 19: a signature is of no use on another market or chain', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, payer, escrow, submitter } = fixture
  const other = await viem.deployContract('JobMarket', marketArguments(fixture))
  await escrow.write.move([market.address, other.address, dollars(1000)], { account: payer })
  const job = await createJob(fixture)
  const signature = await signJob(payer, market.address, job)
  await market.write.requestFor([job, '0x', signature], { account: submitter })

  await viem.assertions.revertWithCustomErrorWithArgs(
    other.write.requestFor([job, '0x', signature], { account: submitter }),
    other,
    'SignatureInvalid',
    [getAddress(payer)],
  )
  expect(await other.read.jobId([job])).not.toBe(await market.read.jobId([job]))

  const client = await viem.getWalletClient(payer)
  const elsewhere = jobTypedData({ chainId: client.chain.id + 1, market: market.address, job })
  const next = { ...job, tau: 2 }
  const foreign = await client.signTypedData({ ...elsewhere, message: next })
  await expectSignatureInvalid(fixture, next, foreign)
})

describe('behavior: a contract that pays', () => {
  test('signs by ERC-1271', async () => {
    const fixture = await networkHelpers.loadFixture(deployWallet)
    const { market, wallet, operator, submitter } = fixture
    const job = await createJob(fixture, { payer: wallet.address })
    const signature = await signJob(operator, market.address, job)

    await market.write.requestFor([job, '0x', signature], { account: submitter })

    expect(await market.read.statusOf([await market.read.jobId([job])])).toBe(statusOpen)
  })

  test('refuses what its owner did not sign', async () => {
    const fixture = await networkHelpers.loadFixture(deployWallet)
    const { market, wallet, payer } = fixture
    const job = await createJob(fixture, { payer: wallet.address })
    await expectSignatureInvalid(fixture, job, await signJob(payer, market.address, job))
  })

  test.each([
    { name: 'reverts', value: conduct.revert },
    { name: 'burns all gas', value: conduct.burnAllGas },
    { name: 'returns a megabyte', value: conduct.returnMegabyte },
    { name: 'returns less than a word', value: conduct.returnShort },
  ])('attack 4: and $name when asked', async ({ value }) => {
    const fixture = await networkHelpers.loadFixture(deployWallet)
    const { market, wallet, operator, submitter } = fixture
    const job = await createJob(fixture, { payer: wallet.address })
    const signature = await signJob(operator, market.address, job)
    await wallet.write.set([value])

    await viem.assertions.revertWithCustomErrorWithArgs(
      // The wallet gets 100,000 of it, and nothing that it does is paid for by the rest.
      market.write.requestFor([job, '0x', signature], { account: submitter, gas: 220_000n }),
      market,
      'SignatureInvalid',
      [getAddress(wallet.address)],
    )
  })
})

test('behavior: an account with a key and code (EIP-7702) signs with its key', async () => {
  const fixture = await networkHelpers.loadFixture(deployWallet)
  const { market, escrow, payer, submitter, wallet } = fixture
  const account = privateKeyToAccount(`0x${'07'.repeat(32)}`)
  await escrow.write.deposit([account.address, market.address, dollars(100)], { account: payer })
  await wallet.write.set([conduct.burnAllGas])
  const code = `0xef0100${wallet.address.slice(2)}`
  await provider.request({ method: 'hardhat_setCode', params: [account.address, code] })
  const job = await createJob(fixture, { payer: account.address })
  const chainId = await fixture.publicClient.getChainId()
  const typedData = jobTypedData({ chainId, market: market.address, job })
  const signature = await account.signTypedData(typedData)

  await market.write.requestFor([job, '0x', signature], { account: submitter })

  expect(await market.read.statusOf([await market.read.jobId([job])])).toBe(statusOpen)
})

test('error: terms that the market refuses, although signed', async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const { market, payer, submitter } = fixture
  const job = await createJob(fixture, { tau: 0 })
  const signature = await signJob(payer, market.address, job)

  await viem.assertions.revertWithCustomErrorWithArgs(
    market.write.requestFor([job, '0x', signature], { account: submitter }),
    market,
    'TauOutOfRange',
    [0, 3600],
  )
})
