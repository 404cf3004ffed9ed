import { allLeaves } from '@assay/protocol'
import {
  buildDemand,
  buildElementProof,
  findInconsistency,
  nodeTrees,
  supplyData,
} from '@assay/tensor'
import { dollars } from '@assay/testing'
import { getAddress, keccak256 } from 'viem'
import { expect, test } from 'vitest'

import {
  type Answer,
  deliver,
  deployGate,
  drawAndAnswer,
  type Gate,
  networkHelpers,
  reachFinality,
  right,
  scoresFor,
  status,
  viem,
  withScores,
  wrong,
} from './fixtures.ts'

async function expectClosed({ gate }: Gate, { id }: Answer, reason: number) {
  await viem.assertions.revertWithCustomErrorWithArgs(
    gate.write.enter([id]),
    gate,
    'ResultNotFinal',
    [id, reason],
  )
}

test('default: lets the visitor in once the answer is final, whoever asks', async () => {
  const fixture = await networkHelpers.loadFixture(deployGate)
  const { gate, actors } = fixture
  const visitor = getAddress(actors.outsider.account.address)
  const answered = await drawAndAnswer(fixture, right)
  await deliver(fixture, answered)
  await reachFinality(fixture, answered)

  const { account } = actors.relayer
  await viem.assertions.emitWithArgs(
    gate.write.enter([answered.id], { account }),
    gate,
    'Admitted',
    [answered.id, visitor],
  )
  expect(await gate.read.isAdmitted([visitor])).toBe(true)
  expect(await gate.read.isAdmitted([account.address])).toBe(false)
})

test('behavior: stays shut until the second in which the answer is final', async () => {
  const fixture = await networkHelpers.loadFixture(deployGate)
  const { gate, actors } = fixture
  const answered = await drawAndAnswer(fixture, right)
  await deliver(fixture, answered)
  await expectClosed(fixture, answered, status.answered)
  await reachFinality(fixture, answered, -1n)
  await expectClosed(fixture, answered, status.answered)

  await reachFinality(fixture, answered)
  await gate.write.enter([answered.id])
  expect(await gate.read.isAdmitted([actors.outsider.account.address])).toBe(true)
})

test.each([1n, 1_000_000n])('behavior: is open %d seconds later, too', async (offset) => {
  const fixture = await networkHelpers.loadFixture(deployGate)
  const { gate, market, actors } = fixture
  const answered = await drawAndAnswer(fixture, right)
  await deliver(fixture, answered)
  await reachFinality(fixture, answered, offset)
  await market.write.claim([answered.id, answered.settlement])

  await gate.write.enter([answered.id])
  expect(await gate.read.isAdmitted([actors.outsider.account.address])).toBe(true)
})

test('behavior: a wrong answer that is refuted never opens it', async () => {
  const fixture = await networkHelpers.loadFixture(deployGate)
  const { gate, market, tensorVerifier, actors, program } = fixture
  const forged = withScores(wrong, scoresFor(right.digit))
  const answered = await drawAndAnswer(fixture, wrong, forged)
  await deliver(fixture, answered)
  expect((await gate.read.attemptOf([answered.id]))[2]).toBe(right.digit)

  const { outputHash } = answered.claim
  const found = findInconsistency({ program, trace: forged, outputHash })
  if (found?.kind !== 'element') return expect.unreachable()
  const proof = buildElementProof({ program, trace: forged, ...found })
  await tensorVerifier.write.prove([market.address, answered.context, proof], {
    account: actors.refuter.account,
  })

  await expectClosed(fixture, answered, status.refuted)
  await viem.assertions.revertWithCustomErrorWithArgs(
    deliver(fixture, answered),
    market,
    'NotAnswered',
    [answered.id, status.refuted],
  )
  await networkHelpers.time.increase(1_000_000)
  await expectClosed(fixture, answered, status.refuted)
  expect(await gate.read.isAdmitted([actors.outsider.account.address])).toBe(false)
})

test('behavior: a challenge keeps it shut until it is answered', async () => {
  const fixture = await networkHelpers.loadFixture(deployGate)
  const { gate, market, escrow, tensorVerifier, actors, program, terms } = fixture
  const answered = await drawAndAnswer(fixture, right)
  await deliver(fixture, answered)
  const { account } = actors.refuter
  const deposit = [account.address, tensorVerifier.address, dollars(10)] as const
  await escrow.write.deposit(deposit, { account })
  const node = { tree: nodeTrees.trace, index: 0, leaf: allLeaves }
  const { hash, proof } = buildDemand({ program, claim: answered.claim, node })
  const demanded = [market.address, answered.context, node, hash] as const
  await tensorVerifier.write.demand([...demanded, proof], { account })

  await reachFinality(fixture, answered)
  await expectClosed(fixture, answered, status.challenged)
  const data = supplyData(program, right.trace, node)
  await tensorVerifier.write.supply([...demanded, data], { account: actors.operator.account })
  await expectClosed(fixture, answered, status.answered)
  await networkHelpers.time.increase(terms.followUpWindow)
  await gate.write.enter([answered.id])
  expect(await gate.read.isAdmitted([actors.outsider.account.address])).toBe(true)
})

test('error: nobody drew', async () => {
  const { gate } = await networkHelpers.loadFixture(deployGate)
  const id = keccak256('0x')
  await viem.assertions.revertWithCustomErrorWithArgs(
    gate.write.enter([id]),
    gate,
    'UnknownAttempt',
    [id],
  )
})

test('error: the answer is final and was not delivered', async () => {
  const fixture = await networkHelpers.loadFixture(deployGate)
  const { gate } = fixture
  const answered = await drawAndAnswer(fixture, right)
  await reachFinality(fixture, answered)
  const { id } = answered
  await viem.assertions.revertWithCustomErrorWithArgs(gate.write.enter([id]), gate, 'NotRead', [id])

  await deliver(fixture, answered)
  await gate.write.enter([id])
})

test('error: another digit was read', async () => {
  const fixture = await networkHelpers.loadFixture(deployGate)
  const { gate } = fixture
  const answered = await drawAndAnswer(fixture, wrong)
  await deliver(fixture, answered)
  await reachFinality(fixture, answered)
  await viem.assertions.revertWithCustomErrorWithArgs(
    gate.write.enter([answered.id]),
    gate,
    'WrongDigit',
    [wrong.digit, right.digit],
  )
})
