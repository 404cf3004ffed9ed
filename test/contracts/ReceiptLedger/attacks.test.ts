import { decodeOutcomes, orderTypedData } from '@assay/protocol/receipt'
import { type Address, encodeFunctionData, type Hex, zeroAddress, zeroHash } from 'viem'
import { describe, expect, test } from 'vitest'

import { networkHelpers, viem } from '../fixtures.ts'
import {
  type Authority,
  createCollection,
  deployLedger,
  fee,
  type LedgerFixture,
  reach,
  settleBatch,
  tab,
  terms,
} from './fixtures.ts'

/** What a wallet that is asked for a signature may burn, in gas. */
const walletGas = 100_000n

const authorityOf = (signature: Hex): Authority => ({
  ...{ signature, key: zeroAddress, operator: zeroAddress, cap: 0n, expiry: 0n },
})

/** Fills the tab of a wallet whose signature `signature` counts. */
async function fundWallet(fixture: LedgerFixture, wallet: Address, signature: Hex) {
  const { escrow, ledger, operator, rival } = fixture
  const order = { payer: wallet, operator, total: tab, epoch: 0 }
  await escrow.write.deposit([wallet, ledger.address, tab], { account: rival })
  await ledger.write.fund([order, signature])
}

describe('attack 23: a wallet that re-enters', () => {
  async function deployReentrant() {
    const fixture = await deployLedger()
    const wallet = await viem.deployContract('ReentrantWallet')
    await fundWallet(fixture, wallet.address, '0x')
    const collection = await createCollection(fixture, {
      ...{ payer: wallet.address, signer: fixture.rival, authority: 1 },
    })
    return { ...fixture, wallet, collection }
  }

  test('behavior: and settles as a signer of the operator collects once', async () => {
    const fixture = await networkHelpers.loadFixture(deployReentrant)
    const { collection, ledger, operator, wallet } = fixture
    await ledger.write.setSigner([wallet.address, true], { account: operator })
    const posting = { root: zeroHash, count: 0n, dataHash: zeroHash, index: 9 }
    const nested = encodeFunctionData({
      ...{ abi: ledger.abi, functionName: 'settle' },
      args: [operator, posting, [collection], [authorityOf('0x')]],
    })
    await wallet.write.arm([ledger.address, nested])
    const { batch, outcomes } = await settleBatch(fixture, {
      ...{ collections: [collection, collection], authorities: [authorityOf('0x')] },
    })

    expect(decodeOutcomes(outcomes).map(({ status }) => status)).toEqual([
      ...['Collected', 'NothingDue'],
    ])
    expect(batch.amount).toBe(fee)
    expect(await ledger.read.tabOf([wallet.address, operator])).toMatchObject({ spent: fee })
    expect(await ledger.read.pledgeOf([operator])).toMatchObject({ batches: 1n })
  })

  test('behavior: and thaws its own tab changes nothing', async () => {
    const fixture = await networkHelpers.loadFixture(deployReentrant)
    const { collection, ledger, operator, wallet } = fixture
    const thaw = { abi: ledger.abi, functionName: 'thaw', args: [operator] } as const
    await wallet.write.arm([ledger.address, encodeFunctionData(thaw)])
    const authorities = [authorityOf('0x')]
    const { outcomes } = await settleBatch(fixture, { collections: [collection], authorities })

    expect(decodeOutcomes(outcomes)[0]?.status).toBe('Collected')
    expect(await ledger.read.tabOf([wallet.address, operator])).toMatchObject({ thawedAt: 0n })
  })
})

describe('attacks 3 and 4: a wallet that burns gas or returns a megabyte', () => {
  async function deployWallet() {
    const fixture = await deployLedger()
    const { chainId, ledger, operator, rival } = fixture
    const wallet = await viem.deployContract('SmartWallet', [rival])
    const order = { payer: wallet.address, operator, total: tab, epoch: 0 }
    const client = await viem.getWalletClient(rival)
    const typed = orderTypedData({ chainId, ledger: ledger.address, order })
    await fundWallet(fixture, wallet.address, await client.signTypedData(typed))
    return { ...fixture, wallet }
  }

  test.each([
    ['burns all gas', 2],
    ['returns a megabyte', 3],
  ])('behavior: that %s costs its cap and no more', async (_, conduct) => {
    const fixture = await networkHelpers.loadFixture(deployWallet)
    const { publicClient, wallet } = fixture
    await wallet.write.set([conduct])
    const bad = await createCollection(fixture, {
      ...{ payer: wallet.address, signer: fixture.rival, authority: 1 },
    })
    const authorities = [authorityOf('0x')]
    const gasOf = async (count: number, index: number) => {
      const collections = Array.from({ length: count }, () => bad)
      const { hash, outcomes } = await settleBatch(fixture, { collections, authorities, index })
      const statuses = decodeOutcomes(outcomes).map(({ status }) => status)
      expect(new Set(statuses)).toEqual(new Set(count === 0 ? [] : ['NotSigned']))
      return (await publicClient.getTransactionReceipt({ hash })).gasUsed
    }
    const [none, ten] = [await gasOf(0, 0), await gasOf(10, 1)]
    expect((ten - none) / 10n).toBeLessThan(walletGas + 12_000n)
  })
})

describe('attack 23: a token that re-enters', () => {
  /** The ledger over a token that calls out in the middle of a transfer. */
  async function deployHooked() {
    const core = await deployLedger()
    const token = await viem.deployContract('HookToken')
    const escrow = await viem.deployContract('Escrow', [token.address])
    const args = [escrow.address, core.staking.address, core.registry.address, terms] as const
    const ledger = await viem.deployContract('ReceiptLedger', args)
    const { operator, payer, staking } = core
    await core.token.write.mint([operator, tab])
    await core.token.write.approve([staking.address, tab], { account: operator })
    await staking.write.deposit([operator, tab], { account: operator })
    await staking.write.allocate([ledger.address, zeroHash, tab], { account: operator })
    await networkHelpers.time.increase(await staking.read.ACTIVATION_DELAY())
    await staking.write.activate([ledger.address, zeroHash, operator])
    await ledger.write.pledge([tab], { account: operator })
    await token.write.mint([payer, 2n * tab])
    await token.write.approve([escrow.address, 2n * tab], { account: payer })
    await escrow.write.deposit([payer, ledger.address, 2n * tab], { account: payer })
    const order = { payer, operator, total: tab, epoch: 0 }
    await ledger.write.fund([order, '0x'], { account: payer })
    return { ...core, escrow, ledger, hook: token }
  }

  test('behavior: release pays a batch once', async () => {
    const fixture = await networkHelpers.loadFixture(deployHooked)
    const { hook, ledger, operator } = fixture
    const { batch, settledAt } = await settleBatch(fixture, {
      ...{ collections: [await createCollection(fixture)] },
    })
    await reach(settledAt + BigInt(terms.releaseWindow))
    const again = { abi: ledger.abi, functionName: 'release', args: [batch] } as const
    await hook.write.arm([ledger.address, encodeFunctionData(again), false])
    await viem.assertions.revertWithCustomError(
      ledger.write.release([batch]),
      ledger,
      'AlreadyReleased',
    )
    await hook.write.arm([zeroAddress, '0x', false])
    await ledger.write.release([batch])
    expect(await hook.read.balanceOf([operator])).toBe(fee)
  })

  test('behavior: nothing that it does reaches a settlement', async () => {
    const fixture = await networkHelpers.loadFixture(deployHooked)
    const { hook, ledger } = fixture
    // Any transfer would revert now: settle makes none.
    await hook.write.arm([ledger.address, '0xffffffff', false])
    const collections = [await createCollection(fixture)]
    const { batch } = await settleBatch(fixture, { collections })
    expect(batch.amount).toBe(fee)
  })
})

test.each([
  [-1n, true],
  [0n, false],
  [1n, false],
])('behavior: a revoked signer, %s s from its end, settles %s', async (offset, settles) => {
  const fixture = await networkHelpers.loadFixture(deployLedger)
  const { ledger, operator, submitter } = fixture
  await ledger.write.setSigner([submitter, true], { account: operator })
  await ledger.write.setSigner([submitter, false], { account: operator })
  await reach((await ledger.read.signerUntil([operator, submitter])) + offset)
  const posting = { root: zeroHash, count: 0n, dataHash: zeroHash, index: 0 }
  const settled = ledger.write.settle([operator, posting, [], []], { account: submitter })
  if (settles) await settled
  else await viem.assertions.revertWithCustomError(settled, ledger, 'NotOperator')
})
