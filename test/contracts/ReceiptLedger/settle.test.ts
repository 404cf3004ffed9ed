import { type Collection, decodeOutcomes, readBatchNumber } from '@assay/protocol/receipt'
import { getAddress, keccak256, toHex, zeroAddress, zeroHash } from 'viem'
import { describe, expect, test } from 'vitest'

import { dollars, networkHelpers, viem } from '../fixtures.ts'
import {
  type Authority,
  createAuthority,
  createCollection,
  deployLedger,
  fee,
  type LedgerFixture,
  now,
  pledged,
  reach,
  retention,
  settleBatch,
  tab,
  terms,
} from './fixtures.ts'

async function statusesOf(
  fixture: LedgerFixture,
  collections: Collection[],
  authorities: Authority[] = [],
) {
  const { outcomes } = await settleBatch(fixture, { collections, authorities })
  return decodeOutcomes(outcomes).map(({ status }) => status)
}

const posting = (index = 0) => ({
  ...{ index, root: zeroHash, count: 0n, dataHash: zeroHash },
})

test('default: takes from the tab what the voucher covers', async () => {
  const fixture = await networkHelpers.loadFixture(deployLedger)
  const { ledger, payer, operator } = fixture
  const collection = await createCollection(fixture, { sequence: 4n })
  const { batch, outcomes } = await settleBatch(fixture, { collections: [collection], index: 7 })

  expect(decodeOutcomes(outcomes)).toEqual([
    {
      payer: getAddress(payer),
      status: 'Collected',
      sequence: 4n,
      amount: 4n * fee,
      cumulativeFee: 4n * fee,
    },
  ])
  expect(await ledger.read.tabOf([payer, operator])).toMatchObject({ spent: 4n * fee, funded: tab })
  expect(readBatchNumber(batch.number)).toEqual({ settledAt: await now(), index: 7 })
  expect(batch.amount).toBe(4n * fee)
  expect(await ledger.read.batchStatus([batch])).toEqual([true, false])
  expect(await ledger.read.pledgeOf([operator])).toEqual({
    ...{ pledged, reserved: 8n * fee, batches: 1n },
  })
})

test('behavior: a later voucher pays only what is more', async () => {
  const fixture = await networkHelpers.loadFixture(deployLedger)
  await settleBatch(fixture, { collections: [await createCollection(fixture, { sequence: 4n })] })
  const collections = [await createCollection(fixture, { sequence: 5n })]
  const { batch } = await settleBatch(fixture, { collections, index: 1 })

  expect(batch.amount).toBe(fee)
})

test('behavior: one bad collection stops no other', async () => {
  const fixture = await networkHelpers.loadFixture(deployLedger)
  const collections = [
    await createCollection(fixture, { signer: fixture.outsider }),
    await createCollection(fixture, { cumulativeFee: fee, cap: fee - 1n }),
    await createCollection(fixture, { cumulativeFee: tab + 1n }),
    await createCollection(fixture),
    await createCollection(fixture),
    await createCollection(fixture, { authority: 1 }),
  ]
  expect(await statusesOf(fixture, collections)).toEqual([
    ...['NotSigned', 'CapExceeded', 'TabShort', 'Collected', 'NothingDue', 'NotSigned'],
  ])
})

describe('behavior: session keys', () => {
  test('sign vouchers up to their cap', async () => {
    const fixture = await networkHelpers.loadFixture(deployLedger)
    const { submitter: signer } = fixture
    const authorities = [await createAuthority(fixture, { cap: 2n * fee })]
    const collections = [
      await createCollection(fixture, { sequence: 2n, signer, authority: 1 }),
      await createCollection(fixture, { sequence: 3n, signer, authority: 1 }),
    ]
    expect(await statusesOf(fixture, collections, authorities)).toEqual([
      ...['Collected', 'SessionRefused'],
    ])
  })

  test('are held to their operator and to the payer who signed them', async () => {
    const fixture = await networkHelpers.loadFixture(deployLedger)
    const { submitter: signer, rival, operator } = fixture
    const forged = { ...(await createAuthority(fixture)), cap: 2n * tab }
    const authorities = [
      await createAuthority(fixture, { operator: rival }),
      await createAuthority(fixture, { operator }),
      forged,
    ]
    const collections = await Promise.all(
      [1, 3, 2].map((authority) => createCollection(fixture, { signer, authority })),
    )
    expect(await statusesOf(fixture, collections, authorities)).toEqual([
      ...['SessionRefused', 'NotSigned', 'Collected'],
    ])
  })

  test.each([
    [-1n, 'Collected'],
    [0n, 'SessionRefused'],
    [1n, 'SessionRefused'],
  ] as const)('expire: %s s from the expiry: %s', async (offset, status) => {
    const fixture = await networkHelpers.loadFixture(deployLedger)
    const authority = await createAuthority(fixture)
    const collection = await createCollection(fixture, { signer: fixture.submitter, authority: 1 })
    await reach(authority.expiry + offset)
    expect(await statusesOf(fixture, [collection], [authority])).toEqual([status])
  })
})

describe('behavior: a payer may be a contract', () => {
  async function deployWallet() {
    const fixture = await deployLedger()
    const { escrow, ledger, rival, operator } = fixture
    const wallet = await viem.deployContract('SmartWallet', [rival])
    const order = { payer: wallet.address, operator, total: tab, epoch: 0 }
    await escrow.write.deposit([wallet.address, ledger.address, tab], { account: rival })
    const client = await viem.getWalletClient(rival)
    const { orderTypedData } = await import('@assay/protocol/receipt')
    const { chainId } = fixture
    const typed = orderTypedData({ chainId, ledger: ledger.address, order })
    await ledger.write.fund([order, await client.signTypedData(typed)])
    return { ...fixture, wallet }
  }

  async function walletCollection(fixture: Awaited<ReturnType<typeof deployWallet>>) {
    const { chainId, ledger, rival, operator, wallet } = fixture
    const { voucherTypedData } = await import('@assay/protocol/receipt')
    const voucher = { payer: wallet.address, operator, cap: fee }
    const client = await viem.getWalletClient(rival)
    const typed = voucherTypedData({ chainId, ledger: ledger.address, voucher })
    const signature = await client.signTypedData(typed)
    const collection = await createCollection(fixture, {
      ...{ payer: wallet.address, signer: rival, authority: 1 },
    })
    const authority = { key: zeroAddress, operator: zeroAddress, cap: 0n, expiry: 0n, signature }
    return { collection, authority }
  }

  test('that signs', async () => {
    const fixture = await networkHelpers.loadFixture(deployWallet)
    const { collection, authority } = await walletCollection(fixture)
    expect(await statusesOf(fixture, [collection], [authority])).toEqual(['Collected'])
  })

  test.each([1, 2, 3, 4])('attack 4: whose wallet misbehaves (%s) stops no other', async (how) => {
    const fixture = await networkHelpers.loadFixture(deployWallet)
    const { collection, authority } = await walletCollection(fixture)
    await fixture.wallet.write.set([how])
    const collections = [collection, await createCollection(fixture)]
    const statuses = await statusesOf(fixture, collections, [authority])
    expect(statuses).toEqual(['NotSigned', 'Collected'])
  })
})

describe('behavior: who settles', () => {
  test('error: a stranger', async () => {
    const { ledger, operator, outsider } = await networkHelpers.loadFixture(deployLedger)
    await viem.assertions.revertWithCustomErrorWithArgs(
      ledger.write.settle([operator, posting(), [], []], { account: outsider }),
      ledger,
      'NotOperator',
      [getAddress(outsider), getAddress(operator)],
    )
  })

  test('a signer of the operator', async () => {
    const { ledger, operator, submitter } = await networkHelpers.loadFixture(deployLedger)
    await ledger.write.setSigner([submitter, true], { account: operator })
    await ledger.write.settle([operator, posting(), [], []], { account: submitter })
    expect(await ledger.read.pledgeOf([operator])).toMatchObject({ batches: 1n })
  })
})

test('error: a root without receipts, and receipts without a root', async () => {
  const { ledger, operator: account } = await networkHelpers.loadFixture(deployLedger)
  const root = keccak256(toHex('root'))
  for (const wrong of [
    { ...posting(), root },
    { ...posting(), count: 1n },
  ]) {
    await viem.assertions.revertWithCustomErrorWithArgs(
      ledger.write.settle([account, wrong, [], []], { account }),
      ledger,
      'RootMismatch',
      [wrong.root, wrong.count],
    )
  }
})

test('error: what can be paid must be slashable', async () => {
  const fixture = await networkHelpers.loadFixture(deployLedger)
  const { ledger, operator: account } = fixture
  await ledger.write.pledge([fee * 2n - 1n], { account })
  const collection = await createCollection(fixture)
  await viem.assertions.revertWithCustomErrorWithArgs(
    ledger.write.settle([account, posting(), [collection], []], { account }),
    ledger,
    'InsufficientPledge',
    [getAddress(account), fee * 2n - 1n, fee * 2n],
  )
})

describe('behavior: a slot of the ring', () => {
  test('error: is not used again before its batch is released', async () => {
    const fixture = await networkHelpers.loadFixture(deployLedger)
    const { ledger, operator: account } = fixture
    const { settledAt } = await settleBatch(fixture)
    const freeAt = settledAt + BigInt(retention)
    await reach(freeAt)
    await viem.assertions.revertWithCustomErrorWithArgs(
      ledger.write.settle([account, posting(), [], []], { account }),
      ledger,
      'SlotBusy',
      [0, false, freeAt, freeAt],
    )
  })

  test.each([
    [-1n, false],
    [0n, true],
    [1n, true],
  ])('%s s from the end of its retention: free %s', async (offset, isFree) => {
    const fixture = await networkHelpers.loadFixture(deployLedger)
    const { ledger, operator: account } = fixture
    const { batch, settledAt } = await settleBatch(fixture)
    await reach(settledAt + BigInt(terms.releaseWindow))
    await ledger.write.release([batch])
    await reach(settledAt + BigInt(retention) + offset)
    const settled = ledger.write.settle([account, posting(), [], []], { account })
    if (isFree) await settled
    else await viem.assertions.revertWithCustomError(settled, ledger, 'SlotBusy')
  })
})

describe('release', () => {
  test.each([-1n, 0n, 1n])('%s s from the end of the window', async (offset) => {
    const fixture = await networkHelpers.loadFixture(deployLedger)
    const { ledger, token, operator } = fixture
    const collections = [await createCollection(fixture)]
    const { batch, settledAt } = await settleBatch(fixture, { collections })
    const before = await token.read.balanceOf([operator])
    await reach(settledAt + BigInt(terms.releaseWindow) + offset)
    const released = ledger.write.release([batch], { account: fixture.outsider })
    if (offset < 0n) {
      await viem.assertions.revertWithCustomError(released, ledger, 'NotReleasable')
      return
    }
    await released
    expect((await token.read.balanceOf([operator])) - before).toBe(fee)
    expect(await ledger.read.pledgeOf([operator])).toMatchObject({ reserved: 0n })
    expect(await ledger.read.batchStatus([batch])).toEqual([true, true])
  })

  test('error: twice', async () => {
    const fixture = await networkHelpers.loadFixture(deployLedger)
    const { ledger, operator } = fixture
    const { batch, settledAt } = await settleBatch(fixture)
    await reach(settledAt + BigInt(terms.releaseWindow))
    await ledger.write.release([batch])
    await viem.assertions.revertWithCustomErrorWithArgs(
      ledger.write.release([batch]),
      ledger,
      'AlreadyReleased',
      [getAddress(operator), batch.number],
    )
  })

  test('error: another amount than was settled', async () => {
    const fixture = await networkHelpers.loadFixture(deployLedger)
    const { ledger, operator } = fixture
    const { batch } = await settleBatch(fixture)
    await viem.assertions.revertWithCustomErrorWithArgs(
      ledger.write.release([{ ...batch, amount: dollars(1) }]),
      ledger,
      'BatchMismatch',
      [getAddress(operator), batch.number],
    )
  })
})

test('attack 9: a payer cannot take back what a tab holds', async () => {
  const fixture = await networkHelpers.loadFixture(deployLedger)
  const { escrow, ledger, payer } = fixture
  const free = await escrow.read.balanceOf([payer, ledger.address])
  await viem.assertions.revertWithCustomErrorWithArgs(
    escrow.write.withdraw([ledger.address, free + 1n, payer], { account: payer }),
    escrow,
    'InsufficientBalance',
    [getAddress(payer), getAddress(ledger.address), free, free + 1n],
  )
  expect(await statusesOf(fixture, [await createCollection(fixture)])).toEqual(['Collected'])
})
