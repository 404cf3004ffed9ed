import { receiptTree, refundBatch } from '@assay/protocol/receipt'
import { pathOf } from '@assay/protocol/tree'
import { encodeFunctionData, getAddress, keccak256, toHex } from 'viem'
import { describe, expect, test } from 'vitest'

import { dollars, networkHelpers, rewardPpm, viem } from '../fixtures.ts'
import {
  type Answer,
  createCollection,
  deployLedger,
  deposited,
  fee,
  issueReceipt,
  type LedgerFixture,
  liability,
  now,
  pledged,
  reach,
  settleBatch,
  tab,
  terms,
} from './fixtures.ts'

const signed = ({ receipt, signature }: Answer) => ({ receipt, signature })
const penalty = 2n * fee

/** Two receipts for one place, and a pending batch that collected it. */
async function deployEquivocation() {
  const fixture = await deployLedger()
  const first = await issueReceipt(fixture)
  const second = await issueReceipt(fixture, { unitsOut: 35n })
  const settled = await settleBatch(fixture, { collections: [await createCollection(fixture)] })
  return { ...fixture, first, second, settled }
}

async function expectPledge({ ledger, operator }: LedgerFixture, expected: bigint) {
  expect((await ledger.read.pledgeOf([operator])).pledged).toBe(expected)
}

describe('proveEquivocation', () => {
  test('default: slashes, and rewards who showed it', async () => {
    const fixture = await networkHelpers.loadFixture(deployEquivocation)
    const { first, ledger, outsider, second, staking } = fixture
    await ledger.write.proveEquivocation([signed(first), signed(second)], { account: outsider })

    await expectPledge(fixture, pledged - penalty)
    expect(await staking.read.rewardOf([outsider])).toBe((penalty * rewardPpm) / 1_000_000n)
    for (const { id } of [first, second]) {
      expect(await ledger.read.disputeOf([id])).toMatchObject({ equivocated: true })
    }
  })

  test('attack 12: error: twice', async () => {
    const { first, ledger, second } = await networkHelpers.loadFixture(deployEquivocation)
    await ledger.write.proveEquivocation([signed(first), signed(second)])
    await viem.assertions.revertWithCustomErrorWithArgs(
      ledger.write.proveEquivocation([signed(second), signed(first)]),
      ledger,
      'AlreadyProven',
      [second.id],
    )
  })

  test('attack 16: two cheap receipts shield no third', async () => {
    const fixture = await networkHelpers.loadFixture(deployEquivocation)
    const { first, ledger, operator } = fixture
    const cheap = await issueReceipt(fixture, { fee: 0n, cumulativeFee: 0n })
    const cheaper = await issueReceipt(fixture, { fee: 0n, cumulativeFee: 0n, unitsIn: 0n })
    const account = operator
    await ledger.write.proveEquivocation([signed(cheap), signed(cheaper)], { account })
    await ledger.write.proveEquivocation([signed(cheap), signed(first)])
    await expectPledge(fixture, pledged - dollars(1) - penalty)
  })

  test('error: the same receipt, or another place', async () => {
    const fixture = await networkHelpers.loadFixture(deployEquivocation)
    const { first, ledger } = fixture
    await viem.assertions.revertWithCustomErrorWithArgs(
      ledger.write.proveEquivocation([signed(first), signed(first)]),
      ledger,
      'SameReceipt',
      [first.id],
    )
    const { outsider: payer, rival: operator } = fixture
    for (const overrides of [{ sequence: 2n }, { payer }, { operator }]) {
      const other = await issueReceipt(fixture, overrides)
      await viem.assertions.revertWithCustomErrorWithArgs(
        ledger.write.proveEquivocation([signed(first), signed(other)]),
        ledger,
        'DifferentChannels',
        [first.id, other.id],
      )
    }
  })

  test.each([-1n, 0n, 1n])('behavior: %s s from the end of the liability', async (offset) => {
    const { first, ledger, second } = await networkHelpers.loadFixture(deployEquivocation)
    await reach(second.receipt.issuedAt + BigInt(liability) + offset)
    const proven = ledger.write.proveEquivocation([signed(first), signed(second)])
    if (offset < 0n) await proven
    else await viem.assertions.revertWithCustomError(proven, ledger, 'LiabilityEnded')
  })

  test('attack 11: takes what there is', async () => {
    const fixture = await networkHelpers.loadFixture(deployLedger)
    const { ledger } = fixture
    const [a, b] = [
      await issueReceipt(fixture, { fee: 10n * pledged }),
      await issueReceipt(fixture, { fee: 9n * pledged }),
    ]
    await ledger.write.proveEquivocation([signed(a), signed(b)])
    await expectPledge(fixture, 0n)
  })
})

describe('behavior: who binds an operator', () => {
  test('attack 7: error: a stranger, and a receipt of another ledger', async () => {
    const fixture = await networkHelpers.loadFixture(deployEquivocation)
    const { first, ledger, outsider } = fixture
    const forged = await issueReceipt(fixture, { unitsIn: 1n }, outsider)
    await viem.assertions.revertWithCustomErrorWithArgs(
      ledger.write.proveEquivocation([signed(first), signed(forged)]),
      ledger,
      'ReceiptNotSigned',
      [forged.id, getAddress(outsider)],
    )
    const abroad = await issueReceipt({ ...fixture, chainId: 1 })
    await viem.assertions.revertWithCustomError(
      ledger.write.proveEquivocation([signed(first), signed(abroad)]),
      ledger,
      'ReceiptNotSigned',
    )
  })

  test('error: a receipt from the future', async () => {
    const fixture = await networkHelpers.loadFixture(deployEquivocation)
    const { first, ledger } = fixture
    const issuedAt = (await now()) + 100n
    const early = await issueReceipt(fixture, { issuedAt })
    await viem.assertions.revertWithCustomErrorWithArgs(
      ledger.write.proveEquivocation([signed(first), signed(early)]),
      ledger,
      'ReceiptNotIssued',
      [early.id, issuedAt, (await now()) + 1n],
    )
  })

  test.each([
    [-1n, true],
    [0n, false],
    [1n, false],
  ])('a revoked signer, %s s from its end: binds %s', async (offset, binds) => {
    const fixture = await networkHelpers.loadFixture(deployLedger)
    const { ledger, operator: account, submitter } = fixture
    await ledger.write.setSigner([submitter, true], { account })
    await ledger.write.setSigner([submitter, false], { account })
    const until = await ledger.read.signerUntil([account, submitter])
    const issuedAt = until + offset
    const first = await issueReceipt(fixture, { issuedAt }, submitter)
    const second = await issueReceipt(fixture, { issuedAt, unitsIn: 1n }, submitter)
    await reach(issuedAt + 10n)
    const proven = ledger.write.proveEquivocation([signed(first), signed(second)])
    if (binds) await proven
    else await viem.assertions.revertWithCustomError(proven, ledger, 'ReceiptNotSigned')
  })
})

describe('proveOvercharge', () => {
  /** A collection of twice what its receipt says. */
  async function deployOvercharge() {
    const fixture = await deployLedger()
    const answer = await issueReceipt(fixture)
    const collections = [await createCollection(fixture, { cumulativeFee: 2n * fee })]
    const settled = await settleBatch(fixture, { collections })
    return { ...fixture, answer, settled }
  }

  test('default: slashes and refunds the difference', async () => {
    const fixture = await networkHelpers.loadFixture(deployOvercharge)
    const { answer, escrow, ledger, payer, settled } = fixture
    const { batch, outcomes } = settled
    await ledger.write.proveOvercharge([signed(answer), batch, outcomes, 0n])

    await expectPledge(fixture, pledged - penalty)
    expect(await escrow.read.balanceOf([payer, ledger.address])).toBe(deposited - tab + fee)
    const rest = refundBatch({ batch, outcomes, outcome: 0, amount: fee }).batch
    expect(await ledger.read.batchStatus([rest])).toEqual([true, false])
  })

  test('attack 12: error: twice', async () => {
    const fixture = await networkHelpers.loadFixture(deployOvercharge)
    const { answer, ledger, settled } = fixture
    await ledger.write.proveOvercharge([signed(answer), settled.batch, settled.outcomes, 0n])
    const rest = refundBatch({ ...settled, outcome: 0, amount: fee })
    await viem.assertions.revertWithCustomErrorWithArgs(
      ledger.write.proveOvercharge([signed(answer), rest.batch, rest.outcomes, 0n]),
      ledger,
      'AlreadyProven',
      [answer.id],
    )
  })

  test.each([
    [-1n, true],
    [0n, false],
    [1n, false],
  ])(
    'behavior: after the release, %s s from the end of the liability: slashes %s',
    async (offset, slashes) => {
      const fixture = await networkHelpers.loadFixture(deployOvercharge)
      const { answer, ledger, settled } = fixture
      const { batch, outcomes } = settled
      await reach(settled.settledAt + BigInt(terms.releaseWindow))
      await ledger.write.release([batch])
      await reach(settled.settledAt + BigInt(liability) + offset)
      const proven = ledger.write.proveOvercharge([signed(answer), batch, outcomes, 0n])
      if (slashes) await proven
      else await viem.assertions.revertWithCustomError(proven, ledger, 'LiabilityEnded')
      await expectPledge(fixture, slashes ? pledged - penalty : pledged)
    },
  )

  test('behavior: an honest collection cannot be struck', async () => {
    const fixture = await networkHelpers.loadFixture(deployEquivocation)
    const { first, ledger, settled } = fixture
    await viem.assertions.revertWithCustomErrorWithArgs(
      ledger.write.proveOvercharge([signed(first), settled.batch, settled.outcomes, 0n]),
      ledger,
      'NotOvercharged',
      [first.id, fee, fee],
    )
    const later = await issueReceipt(fixture, { sequence: 2n, cumulativeFee: 1n })
    await viem.assertions.revertWithCustomErrorWithArgs(
      ledger.write.proveOvercharge([signed(later), settled.batch, settled.outcomes, 0n]),
      ledger,
      'OutcomeOfAnother',
      [0n, later.id],
    )
  })

  test('error: other outcomes than were settled, or none', async () => {
    const { answer, ledger, settled } = await networkHelpers.loadFixture(deployOvercharge)
    const { batch, outcomes } = settled
    const changed = outcomes.map((word) => word + 1n)
    await viem.assertions.revertWithCustomError(
      ledger.write.proveOvercharge([signed(answer), batch, changed, 0n]),
      ledger,
      'OutcomesMismatch',
    )
    await viem.assertions.revertWithCustomErrorWithArgs(
      ledger.write.proveOvercharge([signed(answer), batch, outcomes, 1n]),
      ledger,
      'OutcomeNotCollected',
      [1n],
    )
  })
})

describe('omission', () => {
  async function deployDemanded() {
    const fixture = await deployLedger()
    const { escrow, ledger, payer, rival, operator } = fixture
    const answers = []
    for (const sequence of [1n, 2n, 3n]) answers.push(await issueReceipt(fixture, { sequence }))
    const tree = receiptTree(answers.map(({ id }) => id))
    const settled = await settleBatch(fixture, { root: tree.root, count: 3n })
    const [, answer] = answers as [Answer, Answer, Answer]
    await reach(answer.receipt.issuedAt + BigInt(terms.horizon))
    await ledger.write.demand([signed(answer)], { account: rival })
    const { deadline } = await ledger.read.disputeOf([answer.id])
    const bonds = async () => ({
      demander: await escrow.read.balanceOf([rival, ledger.address]),
      operator: await escrow.read.balanceOf([operator, ledger.address]),
    })
    return { ...fixture, payer, answer, tree, settled, deadline, bonds }
  }

  test.each([
    [terms.horizon - 1, 'DemandTooEarly'],
    [terms.horizon, undefined],
    [terms.horizon + 1, undefined],
    [liability - 1, undefined],
    [liability, 'LiabilityEnded'],
    [liability + 1, 'LiabilityEnded'],
  ])('behavior: demanded at an age of %s s: %s', async (age, error) => {
    const fixture = await networkHelpers.loadFixture(deployLedger)
    const { ledger, rival: account } = fixture
    const answer = await issueReceipt(fixture)
    await reach(answer.receipt.issuedAt + BigInt(age))
    const demanded = ledger.write.demand([signed(answer)], { account })
    if (error === undefined) await demanded
    else await viem.assertions.revertWithCustomError(demanded, ledger, error as 'LiabilityEnded')
  })

  test('open: earns the bond and ends the demand', async () => {
    const fixture = await networkHelpers.loadFixture(deployDemanded)
    const { answer, bonds, ledger, outsider, settled, tree } = fixture
    expect(await bonds()).toEqual({ demander: deposited - terms.demandBond, operator: 0n })
    const { receipt } = answer
    const path = pathOf(tree, 1)
    await ledger.write.open([receipt, settled.batch, 1n, path], { account: outsider })

    expect(await bonds()).toEqual({
      ...{ demander: deposited - terms.demandBond, operator: terms.demandBond },
    })
    await viem.assertions.revertWithCustomErrorWithArgs(
      ledger.write.proveOmission([receipt]),
      ledger,
      'NotDemanded',
      [answer.id],
    )
  })

  test.each([
    [-1n, undefined, 'DeadlineNotPassed'],
    [0n, 'DeadlinePassed', undefined],
    [1n, 'DeadlinePassed', undefined],
  ] as const)('behavior: %s s from the deadline', async (offset, opening, omitting) => {
    const fixture = await networkHelpers.loadFixture(deployDemanded)
    const { answer, deadline, ledger, settled, tree } = fixture
    const open = () => ledger.write.open([answer.receipt, settled.batch, 1n, pathOf(tree, 1)])
    const prove = () => ledger.write.proveOmission([answer.receipt])
    await reach(deadline + offset)
    if (opening === undefined) {
      await viem.assertions.revertWithCustomError(prove(), ledger, omitting)
    } else {
      await viem.assertions.revertWithCustomError(open(), ledger, opening)
      await prove()
    }
  })

  test('behavior: the last second before the deadline is in time', async () => {
    const fixture = await networkHelpers.loadFixture(deployDemanded)
    const { answer, deadline, ledger, settled, tree } = fixture
    await reach(deadline - 1n)
    await ledger.write.open([answer.receipt, settled.batch, 1n, pathOf(tree, 1)])
    expect(await ledger.read.disputeOf([answer.id])).toMatchObject({ deadline: 0n })
  })

  test('proveOmission: slashes, and the demander gets bond and reward', async () => {
    const fixture = await networkHelpers.loadFixture(deployDemanded)
    const { answer, bonds, deadline, ledger, outsider, rival, staking } = fixture
    await reach(deadline)
    await ledger.write.proveOmission([answer.receipt], { account: outsider })

    await expectPledge(fixture, pledged - penalty)
    expect(await bonds()).toEqual({ demander: deposited, operator: 0n })
    expect(await staking.read.rewardOf([rival])).toBe((penalty * rewardPpm) / 1_000_000n)
  })

  test('attack 12: error: demanded again', async () => {
    const fixture = await networkHelpers.loadFixture(deployDemanded)
    const { answer, deadline, ledger, rival: account } = fixture
    await viem.assertions.revertWithCustomErrorWithArgs(
      ledger.write.demand([signed(answer)], { account }),
      ledger,
      'AlreadyDemanded',
      [answer.id, deadline],
    )
    await reach(deadline)
    await ledger.write.proveOmission([answer.receipt])
    await viem.assertions.revertWithCustomErrorWithArgs(
      ledger.write.demand([signed(answer)], { account }),
      ledger,
      'AlreadyProven',
      [answer.id],
    )
  })

  test('error: another leaf, another path, another batch', async () => {
    const fixture = await networkHelpers.loadFixture(deployDemanded)
    const { answer, ledger, settled, tree } = fixture
    const { receipt } = answer
    const { batch } = settled
    const path = pathOf(tree, 1)
    await viem.assertions.revertWithCustomError(
      ledger.write.open([receipt, batch, 0n, path]),
      ledger,
      'PathMismatch',
    )
    for (const [leaf, siblings] of [
      [3n, path],
      [1n, path.slice(1)],
    ] as const) {
      await viem.assertions.revertWithCustomErrorWithArgs(
        ledger.write.open([receipt, batch, leaf, siblings]),
        ledger,
        'LeafOutOfRange',
        [leaf, 3n],
      )
    }
    const root = keccak256(toHex('root'))
    await viem.assertions.revertWithCustomError(
      ledger.write.open([receipt, { ...batch, root }, 1n, path]),
      ledger,
      'BatchMismatch',
    )
  })
})

describe('refund', () => {
  test('default: gives the fee back once, in one transaction with the penalty', async () => {
    const fixture = await networkHelpers.loadFixture(deployEquivocation)
    const { escrow, first, ledger, payer, second, settled } = fixture
    const { batch, outcomes } = settled
    const { abi } = ledger
    const calls = [
      encodeFunctionData({
        ...{ abi, functionName: 'proveEquivocation', args: [signed(first), signed(second)] },
      }),
      encodeFunctionData({
        ...{ abi, functionName: 'refund', args: [first.receipt, batch, outcomes, 0n] },
      }),
    ]
    await ledger.write.multicall([calls])

    expect(await escrow.read.balanceOf([payer, ledger.address])).toBe(deposited - tab + fee)
    const rest = refundBatch({ batch, outcomes, outcome: 0, amount: fee })
    expect(await ledger.read.batchStatus([rest.batch])).toEqual([true, false])
    await viem.assertions.revertWithCustomErrorWithArgs(
      ledger.write.refund([first.receipt, rest.batch, rest.outcomes, 0n]),
      ledger,
      'AlreadyRefunded',
      [first.id],
    )
    await reach(settled.settledAt + BigInt(terms.releaseWindow))
    await ledger.write.release([rest.batch])
  })

  test('behavior: never more than was collected from the payer', async () => {
    const fixture = await networkHelpers.loadFixture(deployEquivocation)
    const { escrow, first, ledger, outsider, payer, second, settled } = fixture
    await ledger.write.proveEquivocation([signed(first), signed(second)])
    await ledger.write.refund([first.receipt, settled.batch, settled.outcomes, 0n])
    const rest = refundBatch({ ...settled, outcome: 0, amount: fee })
    const refund = [second.receipt, rest.batch, rest.outcomes, 0n] as const
    await viem.assertions.revertWithCustomErrorWithArgs(
      ledger.write.refund(refund, { account: outsider }),
      ledger,
      'RefundShort',
      [second.id, 0n, fee],
    )
    await ledger.write.refund(refund, { account: payer })
    expect(await escrow.read.balanceOf([payer, ledger.address])).toBe(deposited - tab + fee)
  })

  test('error: of a receipt that nothing struck, of another channel, of a released batch', async () => {
    const fixture = await networkHelpers.loadFixture(deployEquivocation)
    const { first, ledger, operator, second, settled } = fixture
    const { batch, outcomes } = settled
    const refund = () => ledger.write.refund([first.receipt, batch, outcomes, 0n])
    await viem.assertions.revertWithCustomErrorWithArgs(refund(), ledger, 'NotWrong', [first.id])
    await ledger.write.proveEquivocation([signed(first), signed(second)])

    const later = [
      await issueReceipt(fixture, { sequence: 2n }),
      await issueReceipt(fixture, { sequence: 2n, unitsIn: 0n }),
    ] as const
    await ledger.write.proveEquivocation([signed(later[0]), signed(later[1])])
    await viem.assertions.revertWithCustomErrorWithArgs(
      ledger.write.refund([later[0].receipt, batch, outcomes, 0n]),
      ledger,
      'OutcomeOfAnother',
      [0n, later[0].id],
    )
    await reach(settled.settledAt + BigInt(terms.releaseWindow))
    await ledger.write.release([batch])
    await viem.assertions.revertWithCustomErrorWithArgs(refund(), ledger, 'AlreadyReleased', [
      getAddress(operator),
      batch.number,
    ])
  })
})
