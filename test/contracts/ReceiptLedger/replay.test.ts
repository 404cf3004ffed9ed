import {
  decodeOutcomes,
  encodeCollection,
  orderTypedData,
  receiptTypedData,
  voucherTypedData,
} from '@assay/protocol/receipt'
import { type Address, getAddress, type Hex } from 'viem'
import { describe, expect, test } from 'vitest'

import { networkHelpers, viem } from '../fixtures.ts'
import {
  deployLedger,
  fee,
  issueReceipt,
  type LedgerFixture,
  settleBatch,
  tab,
  terms,
} from './fixtures.ts'

/** Domain and parties of a signature that is used elsewhere. */
type Elsewhere = { chainId?: number; ledger?: Address; operator?: Address }

const elsewhere: [string, (fixture: LedgerFixture) => Elsewhere][] = [
  ['on another chain', ({ chainId }) => ({ chainId: chainId + 1 })],
  ['in another ledger', ({ escrow }) => ({ ledger: escrow.address })],
  ['for another operator', ({ rival }) => ({ operator: rival })],
]

async function collectionSigned(fixture: LedgerFixture, where: Elsewhere) {
  const { chainId, ledger, operator, payer } = fixture
  const domain = { chainId, ledger: ledger.address, ...where }
  const voucher = { payer, operator: where.operator ?? operator, cap: fee }
  const client = await viem.getWalletClient(payer)
  const signature = await client.signTypedData(voucherTypedData({ ...domain, voucher }))
  return encodeCollection({ payer, sequence: 1n, cumulativeFee: fee, cap: fee, signature })
}

describe('attack 7: a voucher that was signed', () => {
  test.each(elsewhere)('%s collects nothing', async (_, where) => {
    const fixture = await networkHelpers.loadFixture(deployLedger)
    const { ledger, operator, payer } = fixture
    const replayed = await collectionSigned(fixture, where(fixture))
    const valid = await collectionSigned(fixture, {})
    const { batch, outcomes } = await settleBatch(fixture, { collections: [replayed, valid] })

    const statuses = decodeOutcomes(outcomes).map(({ status }) => status)
    expect(statuses).toEqual(['NotSigned', 'Collected'])
    expect(batch.amount).toBe(fee)
    expect(await ledger.read.tabOf([payer, operator])).toMatchObject({ spent: fee })
  })

  test('before collects nothing more, in the same batch or a later one', async () => {
    const fixture = await networkHelpers.loadFixture(deployLedger)
    const collection = await collectionSigned(fixture, {})
    const first = await settleBatch(fixture, { collections: [collection, collection] })
    const second = await settleBatch(fixture, { collections: [collection], index: 1 })

    const statuses = decodeOutcomes(first.outcomes).map(({ status }) => status)
    expect(statuses).toEqual(['Collected', 'NothingDue'])
    expect(second.batch.amount).toBe(0n)
  })
})

describe('attack 7: an order that was signed', () => {
  test.each(elsewhere)('%s funds nothing', async (_, where) => {
    const fixture = await networkHelpers.loadFixture(deployLedger)
    const { chainId, ledger, operator, payer } = fixture
    const replay = where(fixture)
    const order = { payer, operator, total: tab + 1n, epoch: 0 }
    const client = await viem.getWalletClient(payer)
    const signature = await client.signTypedData(
      orderTypedData({
        ...{ chainId, ledger: ledger.address, ...replay },
        order: { ...order, operator: replay.operator ?? operator },
      }),
    )
    await viem.assertions.revertWithCustomError(
      ledger.write.fund([order, signature], { account: fixture.outsider }),
      ledger,
      'NotSigned',
    )
  })
})

describe('attack 7: a receipt that was signed', () => {
  test.each(elsewhere.slice(0, 2))('%s strikes nobody', async (_, where) => {
    const fixture = await networkHelpers.loadFixture(deployLedger)
    const { chainId, ledger, operator } = fixture
    const { receipt } = await issueReceipt(fixture)
    const client = await viem.getWalletClient(operator)
    const domain = { chainId, ledger: ledger.address, ...where(fixture) }
    const signature = await client.signTypedData(receiptTypedData({ ...domain, receipt }))
    await networkHelpers.time.increase(terms.horizon)
    await viem.assertions.revertWithCustomError(
      ledger.write.demand([{ receipt, signature }]),
      ledger,
      'ReceiptNotSigned',
    )
  })

  test('by one operator strikes no other', async () => {
    const fixture = await networkHelpers.loadFixture(deployLedger)
    const { ledger, operator, rival } = fixture
    const { receipt, signature, id } = await issueReceipt(fixture, { operator: rival }, operator)
    await networkHelpers.time.increase(terms.horizon)
    await viem.assertions.revertWithCustomErrorWithArgs(
      ledger.write.demand([{ receipt, signature }]),
      ledger,
      'ReceiptNotSigned',
      [id, getAddress(operator)],
    )
  })
})

test('error: a signature with the other s, which ERC-2098 cannot hold', async () => {
  const fixture = await networkHelpers.loadFixture(deployLedger)
  const collection = await collectionSigned(fixture, {})
  const order = 2n ** 256n - 0x14551231950b75fc4402da1732fc9bebfn
  const s = order - (BigInt(collection.vs) & (2n ** 255n - 1n))
  const vs: Hex = `0x${s.toString(16).padStart(64, '0')}`
  const { outcomes } = await settleBatch(fixture, { collections: [{ ...collection, vs }] })
  expect(decodeOutcomes(outcomes)[0]?.status).toBe('NotSigned')
})
