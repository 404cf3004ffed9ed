import { getAddress, zeroAddress, zeroHash } from 'viem'
import { describe, expect, test } from 'vitest'

import { dollars, networkHelpers, thawDelay, viem } from '../fixtures.ts'
import {
  createCollection,
  deployLedger,
  deposited,
  fee,
  type LedgerFixture,
  now,
  pledged,
  reach,
  settleBatch,
  signOrder,
  tab,
  terms,
} from './fixtures.ts'

const orderOf = ({ payer, operator }: LedgerFixture, total: bigint, epoch = 0) => ({
  ...{ payer, operator, total, epoch },
})

describe('fund', () => {
  test("default: moves the difference out of the payer's balance, by signature", async () => {
    const fixture = await networkHelpers.loadFixture(deployLedger)
    const { escrow, ledger, payer, operator, outsider } = fixture
    const order = orderOf(fixture, tab + 5n)
    await ledger.write.fund([order, await signOrder(fixture, order)], { account: outsider })

    expect(await ledger.read.tabOf([payer, operator])).toMatchObject({ funded: tab + 5n })
    expect(await escrow.read.balanceOf([payer, ledger.address])).toBe(deposited - tab - 5n)
  })

  test('error: the same order again', async () => {
    const fixture = await networkHelpers.loadFixture(deployLedger)
    const order = orderOf(fixture, tab)
    await viem.assertions.revertWithCustomErrorWithArgs(
      fixture.ledger.write.fund([order, await signOrder(fixture, order)]),
      fixture.ledger,
      'NothingToFund',
      [tab, tab],
    )
  })

  test('error: an order that another signed', async () => {
    const fixture = await networkHelpers.loadFixture(deployLedger)
    const { ledger, outsider, payer } = fixture
    const order = orderOf(fixture, tab + 1n)
    const signature = await signOrder(fixture, order, outsider)
    await viem.assertions.revertWithCustomErrorWithArgs(
      ledger.write.fund([order, signature]),
      ledger,
      'NotSigned',
      [getAddress(payer), await ledger.read.orderDigest([order])],
    )
  })

  test('error: more than the payer deposited', async () => {
    const fixture = await networkHelpers.loadFixture(deployLedger)
    const order = orderOf(fixture, deposited + 1n)
    await viem.assertions.revertWithCustomError(
      fixture.ledger.write.fund([order, await signOrder(fixture, order)]),
      fixture.escrow,
      'InsufficientBalance',
    )
  })

  test('error: an amount that no tab holds', async () => {
    const fixture = await networkHelpers.loadFixture(deployLedger)
    const total = 2n ** 96n
    await viem.assertions.revertWithCustomErrorWithArgs(
      fixture.ledger.write.fund([orderOf(fixture, total), '0x'], { account: fixture.payer }),
      fixture.ledger,
      'TabAmountTooLarge',
      [total],
    )
  })
})

/** A tab of which `fee` was collected and that thaws. */
async function deployThawing() {
  const fixture = await deployLedger()
  const { ledger, operator, payer } = fixture
  await settleBatch(fixture, { collections: [await createCollection(fixture)] })
  await ledger.write.thaw([operator], { account: payer })
  const { thawedAt } = await ledger.read.tabOf([payer, operator])
  return { ...fixture, thawedAt }
}

describe('thaw', () => {
  test('default: ends after the delay, and not before', async () => {
    const { thawedAt } = await networkHelpers.loadFixture(deployThawing)
    expect(thawedAt).toBe((await now()) + BigInt(terms.tabThaw))
  })

  test('error: twice, or of an empty tab', async () => {
    const fixture = await networkHelpers.loadFixture(deployThawing)
    const { ledger, operator, payer, rival, thawedAt } = fixture
    await viem.assertions.revertWithCustomErrorWithArgs(
      ledger.write.thaw([operator], { account: payer }),
      ledger,
      'AlreadyThawing',
      [getAddress(payer), getAddress(operator), thawedAt],
    )
    await viem.assertions.revertWithCustomErrorWithArgs(
      ledger.write.thaw([rival], { account: payer }),
      ledger,
      'NothingInTab',
      [getAddress(payer), getAddress(rival)],
    )
  })

  test.each([
    [-1n, fee],
    [0n, 0n],
    [1n, 0n],
  ])('behavior: %s s from its end a voucher collects %s', async (offset, amount) => {
    const fixture = await networkHelpers.loadFixture(deployThawing)
    const collections = [await createCollection(fixture, { sequence: 2n })]
    await reach(fixture.thawedAt + offset)
    const { batch } = await settleBatch(fixture, { collections, index: 1 })
    expect(batch.amount).toBe(amount)
  })

  test('attack 10: an order that was held back does not put the end off', async () => {
    const fixture = await networkHelpers.loadFixture(deployThawing)
    const { ledger, operator, payer, thawedAt } = fixture
    const order = orderOf(fixture, tab + 1n)
    await ledger.write.fund([order, await signOrder(fixture, order)])
    expect(await ledger.read.tabOf([payer, operator])).toMatchObject({ thawedAt })
  })
})

describe('close', () => {
  test.each([-1n, 0n, 1n])('%s s from the end of the thaw', async (offset) => {
    const fixture = await networkHelpers.loadFixture(deployThawing)
    const { escrow, ledger, operator, outsider, payer, thawedAt } = fixture
    await reach(thawedAt + offset)
    const closed = ledger.write.close([payer, operator], { account: outsider })
    if (offset < 0n) {
      await viem.assertions.revertWithCustomErrorWithArgs(closed, ledger, 'NotThawed', [
        getAddress(payer),
        getAddress(operator),
        thawedAt,
        thawedAt - 1n,
      ])
      return
    }
    await closed
    expect(await ledger.read.tabOf([payer, operator])).toEqual({
      ...{ funded: fee, spent: fee, thawedAt: 0n, epoch: 1 },
    })
    expect(await escrow.read.balanceOf([payer, ledger.address])).toBe(deposited - fee)
  })

  test('error: a tab that does not thaw', async () => {
    const { ledger, operator, payer } = await networkHelpers.loadFixture(deployLedger)
    await viem.assertions.revertWithCustomError(
      ledger.write.close([payer, operator]),
      ledger,
      'NotThawed',
    )
  })

  test('attack 7: an order from before is void, one from after opens the tab again', async () => {
    const fixture = await networkHelpers.loadFixture(deployThawing)
    const { ledger, operator, payer, thawedAt } = fixture
    const old = orderOf(fixture, tab)
    const signature = await signOrder(fixture, old)
    await reach(thawedAt)
    await ledger.write.close([payer, operator])
    await viem.assertions.revertWithCustomErrorWithArgs(
      ledger.write.fund([old, signature]),
      ledger,
      'EpochMismatch',
      [0, 1],
    )
    const fresh = orderOf(fixture, fee + 7n, 1)
    await ledger.write.fund([fresh, await signOrder(fixture, fresh)])
    const { funded, spent } = await ledger.read.tabOf([payer, operator])
    expect(funded - spent).toBe(7n)
  })
})

describe('pledge', () => {
  test('default: cannot thaw in the staking contract', async () => {
    const { ledger, operator: account, staking } = await networkHelpers.loadFixture(deployLedger)
    expect(await ledger.read.reservedOf([zeroHash, account])).toBe(pledged)
    await viem.assertions.revertWithCustomError(
      staking.write.thaw([ledger.address, zeroHash, 1n], { account }),
      staking,
      'InsufficientUnreservedStake',
    )
    await ledger.write.pledge([pledged - 1n], { account })
    await staking.write.thaw([ledger.address, zeroHash, 1n], { account })
  })

  test('error: more than is active', async () => {
    const { ledger, operator: account } = await networkHelpers.loadFixture(deployLedger)
    await viem.assertions.revertWithCustomErrorWithArgs(
      ledger.write.pledge([pledged + 1n], { account }),
      ledger,
      'InsufficientStake',
      [getAddress(account), pledged, pledged + 1n],
    )
  })

  test('attack 10: error: less than pending batches hold', async () => {
    const fixture = await networkHelpers.loadFixture(deployLedger)
    const { ledger, operator: account } = fixture
    await settleBatch(fixture, { collections: [await createCollection(fixture)] })
    await viem.assertions.revertWithCustomErrorWithArgs(
      ledger.write.pledge([2n * fee - 1n], { account }),
      ledger,
      'InsufficientPledge',
      [getAddress(account), 2n * fee - 1n, 2n * fee],
    )
    await ledger.write.pledge([2n * fee], { account })
  })
})

describe('setSigner', () => {
  test('default: binds without end until it is revoked, and a while longer', async () => {
    const { ledger, operator, submitter } = await networkHelpers.loadFixture(deployLedger)
    await ledger.write.setSigner([submitter, true], { account: operator })
    expect(await ledger.read.signerUntil([operator, submitter])).toBe(2n ** 64n - 1n)
    await ledger.write.setSigner([submitter, false], { account: operator })
    const until = (await now()) + BigInt(terms.signerDelay)
    expect(await ledger.read.signerUntil([operator, submitter])).toBe(until)
  })

  test('error: whoever is none cannot be revoked, and zero is nobody', async () => {
    const { ledger, operator, submitter } = await networkHelpers.loadFixture(deployLedger)
    await viem.assertions.revertWithCustomErrorWithArgs(
      ledger.write.setSigner([submitter, false], { account: operator }),
      ledger,
      'NotSigner',
      [getAddress(operator), getAddress(submitter)],
    )
    await viem.assertions.revertWithCustomError(
      ledger.write.setSigner([zeroAddress, true], { account: operator }),
      ledger,
      'ZeroAddress',
    )
  })
})

describe('constructor', () => {
  const deploy = (
    { escrow, staking, registry }: LedgerFixture,
    overrides: Partial<typeof terms>,
  ) => {
    const given = { ...terms, ...overrides }
    const args = [escrow.address, staking.address, registry.address, given] as const
    return viem.deployContract('ReceiptLedger', args)
  }

  test('default: keeps its terms', async () => {
    const { ledger } = await networkHelpers.loadFixture(deployLedger)
    expect(await ledger.read.terms()).toEqual(terms)
    expect(await ledger.read.penaltyOf([fee])).toBe(2n * fee)
    expect(await ledger.read.penaltyOf([1n])).toBe(dollars(1))
  })

  test('attack 10: error: stake that could leave before its penalties', async () => {
    const fixture = await networkHelpers.loadFixture(deployLedger)
    const longest = terms.horizon + terms.demandWindow + terms.responseWindow
    const horizon = terms.horizon + Number(thawDelay) - longest
    await deploy(fixture, { horizon })
    await viem.assertions.revertWithCustomErrorWithArgs(
      deploy(fixture, { horizon: horizon + 1 }),
      fixture.ledger,
      'DelayTooShort',
      ['THAW_DELAY', thawDelay, thawDelay + 1n],
    )
  })

  test.each([
    ['stakeRatioPpm', 999_999],
    ['stakeRatioPpm', 1_000_000_001],
    ['releaseWindow', 0],
    ['responseWindow', 0],
    ['tabThaw', 0],
    ['challengeWindow', 0],
    ['challengeWindow', 351],
  ] as const)('error: %s of %s', async (name, value) => {
    const fixture = await networkHelpers.loadFixture(deployLedger)
    await viem.assertions.revertWithCustomError(
      deploy(fixture, { [name]: value }),
      fixture.ledger,
      'ParameterOutOfRange',
    )
  })
})
