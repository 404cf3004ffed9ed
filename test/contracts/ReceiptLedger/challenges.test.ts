import { getAddress } from 'viem'
import { describe, expect, test } from 'vitest'

import { networkHelpers, rewardPpm, viem } from '../fixtures.ts'
import { deployLedger, fee, issueReceipt, pledged, reach, terms } from './fixtures.ts'

async function deployAnswer() {
  const fixture = await deployLedger()
  const answer = await issueReceipt(fixture)
  const challengeUntil = answer.receipt.issuedAt + BigInt(terms.challengeWindow)
  return { ...fixture, answer, challengeUntil }
}

describe('challengeable', () => {
  test('default: a receipt in no batch', async () => {
    const { answer, challengeUntil, ledger } = await networkHelpers.loadFixture(deployAnswer)
    const [id, claim, until] = await ledger.read.challengeable([answer.context])
    expect({ id, until }).toEqual({ id: answer.id, until: challengeUntil })
    expect(claim).toEqual({ ...answer.claim, operator: getAddress(answer.claim.operator) })
  })

  test('error: another claim than the receipt holds', async () => {
    const fixture = await networkHelpers.loadFixture(deployAnswer)
    const { ledger } = fixture
    const other = await issueReceipt(fixture, { claimHash: fixture.model })
    await viem.assertions.revertWithCustomError(
      ledger.read.challengeable([other.context]),
      ledger,
      'ClaimMismatch',
    )
  })

  test("error: another operator's claim", async () => {
    const fixture = await networkHelpers.loadFixture(deployAnswer)
    const { answer, ledger, rival } = fixture
    const { claimHash } = answer.receipt
    const copied = await issueReceipt(fixture, { operator: rival, claimHash })
    await viem.assertions.revertWithCustomError(
      ledger.read.challengeable([copied.context]),
      ledger,
      'ClaimMismatch',
    )
  })
})

describe('refute', () => {
  test.each([-1n, 0n, 1n])('%s s from the end of the window', async (offset) => {
    const fixture = await networkHelpers.loadFixture(deployAnswer)
    const { answer, challengeUntil, ledger, operator, refuter, staking, verifier } = fixture
    await reach(challengeUntil + offset)
    const refuted = verifier.write.refute([ledger.address, answer.context], { account: refuter })
    if (offset >= 0n) {
      await viem.assertions.revertWithCustomErrorWithArgs(refuted, ledger, 'ClaimFinal', [
        answer.id,
        challengeUntil,
        challengeUntil + offset,
      ])
      return
    }
    await refuted
    expect(await ledger.read.refuted([answer.context])).toBe(answer.id)
    expect(await ledger.read.pledgeOf([operator])).toMatchObject({ pledged: pledged - 2n * fee })
    expect(await staking.read.rewardOf([refuter])).toBe((2n * fee * rewardPpm) / 1_000_000n)
  })

  test('attack 12: error: twice', async () => {
    const { answer, ledger, verifier } = await networkHelpers.loadFixture(deployAnswer)
    await verifier.write.refute([ledger.address, answer.context])
    await viem.assertions.revertWithCustomError(
      verifier.write.refute([ledger.address, answer.context]),
      ledger,
      'ClaimFinal',
    )
  })

  test('attack 8: error: a verifier that no publisher accepted', async () => {
    const { answer, ledger, model } = await networkHelpers.loadFixture(deployAnswer)
    const stranger = await viem.deployContract('TestVerifier')
    for (const call of ['refute', 'suspend'] as const) {
      await viem.assertions.revertWithCustomErrorWithArgs(
        stranger.write[call]([ledger.address, answer.context]),
        ledger,
        'VerifierNotAccepted',
        [model, getAddress(stranger.address)],
      )
    }
  })

  test('attack 16: a cheap twin of the same claim shields nothing', async () => {
    const fixture = await networkHelpers.loadFixture(deployAnswer)
    const { answer, ledger, verifier } = fixture
    const twin = await issueReceipt(fixture, {
      sequence: 2n,
      fee: 0n,
      claimHash: answer.receipt.claimHash,
    })
    const { encodeReceiptContext } = await import('@assay/protocol/receipt')
    const context = encodeReceiptContext({ ...twin, claim: answer.claim })
    await verifier.write.refute([ledger.address, context])
    await verifier.write.refute([ledger.address, answer.context])
    expect(await ledger.read.refuted([answer.context])).toBe(answer.id)
  })

  test('error: nothing was refuted', async () => {
    const { answer, ledger } = await networkHelpers.loadFixture(deployAnswer)
    await viem.assertions.revertWithCustomErrorWithArgs(
      ledger.read.refuted([answer.context]),
      ledger,
      'ClaimNotRefuted',
      [answer.id],
    )
  })
})

describe('suspend', () => {
  test('default: keeps the claim refutable after its window', async () => {
    const fixture = await networkHelpers.loadFixture(deployAnswer)
    const { answer, challengeUntil, ledger, verifier } = fixture
    await verifier.write.suspend([ledger.address, answer.context])
    await reach(challengeUntil + 50n)
    await verifier.write.refute([ledger.address, answer.context])
    expect(await ledger.read.refuted([answer.context])).toBe(answer.id)
  })

  test.each([-1n, 0n])(
    'behavior: resumed, it is final at what was granted: %s s',
    async (offset) => {
      const fixture = await networkHelpers.loadFixture(deployAnswer)
      const { answer, challengeUntil, ledger, verifier } = fixture
      const until = challengeUntil + 40n
      await verifier.write.suspend([ledger.address, answer.context])
      await reach(challengeUntil)
      await verifier.write.resume([ledger.address, answer.context, until])
      await reach(until + offset)
      const refuted = verifier.write.refute([ledger.address, answer.context])
      if (offset < 0n) await refuted
      else await viem.assertions.revertWithCustomError(refuted, ledger, 'ClaimFinal')
    },
  )

  test('attack 14: a verifier grants one window at most', async () => {
    const fixture = await networkHelpers.loadFixture(deployAnswer)
    const { answer, ledger, verifier } = fixture
    await verifier.write.suspend([ledger.address, answer.context])
    const at = answer.receipt.issuedAt + 50n
    await reach(at)
    await verifier.write.resume([ledger.address, answer.context, 2n ** 64n - 1n])
    await reach(at + BigInt(terms.challengeWindow))
    await viem.assertions.revertWithCustomError(
      verifier.write.refute([ledger.address, answer.context]),
      ledger,
      'ClaimFinal',
    )
  })

  test('error: nothing to resume', async () => {
    const { answer, ledger, verifier } = await networkHelpers.loadFixture(deployAnswer)
    await viem.assertions.revertWithCustomErrorWithArgs(
      verifier.write.resume([ledger.address, answer.context, 0n]),
      ledger,
      'NothingSuspended',
      [answer.id],
    )
  })
})
