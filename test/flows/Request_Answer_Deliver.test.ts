import { assayActions } from '@assay/sdk'
import { composeProgram, executeTrace, outputOf } from '@assay/tensor'
import { answerJob, deploySuite, dollars, publishProgram, stakeOn } from '@assay/testing'
import { network } from 'hardhat'
import { bytesToHex, encodeAbiParameters, keccak256, zeroHash } from 'viem'
import { expect, test } from 'vitest'

const { viem, networkHelpers } = await network.create()

/** Scores class i by input byte i. */
const scorer = composeProgram({
  input: { rows: 1, rowBytes: 10 },
  layers: [{ kind: 'lookup', source: 0, table: Uint8Array.from({ length: 256 }, (_, i) => i) }],
})
async function fixture() {
  const suite = await deploySuite(viem)
  const { deployment, actors, market } = suite
  const { version: model } = await publishProgram(suite, scorer)
  const stake = { model, operators: ['operator'] as const, amount: dollars(100) }
  await stakeOn(suite, networkHelpers, stake)
  const args = [market.address, model, deployment.tensorVerifier, 7] as const
  const gate = await viem.deployContract('DigitGate', args)
  const visitor = actors.outsider.extend(assayActions(deployment))
  await visitor.deposit({ payer: gate.address, amount: dollars(10) })
  return { suite, gate, visitor }
}

/** A drawing in which class 7 scores highest. */
const trace = executeTrace(scorer, Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 200, 9, 10))

/** Has the gate read the drawing, and an operator answer. */
async function draw() {
  const state = await networkHelpers.loadFixture(fixture)
  const { suite, gate, visitor } = state
  const { account } = visitor
  await gate.write.draw([trace.inputHash, bytesToHex(outputOf(trace)), zeroHash], { account })
  const words = [{ type: 'address' }, { type: 'bytes32' }] as const
  const salt = keccak256(encodeAbiParameters(words, [account.address, zeroHash]))
  const found = await visitor.findJob({ payer: gate.address, salt })
  if (found === undefined) return expect.unreachable()
  await answerJob(suite, networkHelpers, { job: found.job, operator: 'operator', trace })
  const { answer } = await visitor.waitForAnswer({ id: found.id, timeoutMs: 5_000 })
  return { ...state, id: found.id, answer }
}

test('default: a dApp is told at once, and acts only when the answer is final', async () => {
  const { suite, gate, visitor, id, answer } = await draw()
  const { account } = visitor
  const { isDelivered } = await visitor.deliver({ answer })
  expect(isDelivered).toBe(true)
  const [, isRead, digit] = await gate.read.attemptOf([id])
  expect([isRead, digit]).toEqual([true, 7])
  const early = gate.write.enter([id], { account })
  await viem.assertions.revertWithCustomErrorWithArgs(early, gate, 'ResultNotFinal', [id, 3])

  await networkHelpers.time.increase(suite.terms.minChallengeWindow)
  await visitor.waitForFinality({ id, timeoutMs: 5_000 })
  await gate.write.enter([id], { account })
  expect(await gate.read.isAdmitted([account.address])).toBe(true)
})

test('behavior: a callback that fails is reported, and can be tried again', async () => {
  const { suite, gate, visitor, id, answer } = await draw()
  const code = await suite.publicClient.getCode({ address: gate.address })
  // REVERT(0, 0)
  await networkHelpers.setCode(gate.address, '0x5f5ffd')
  expect((await visitor.deliver({ answer })).isDelivered).toBe(false)
  await networkHelpers.setCode(gate.address, code!)
  expect((await visitor.deliver({ answer })).isDelivered).toBe(true)
  const { transitions } = await visitor.getJob({ id })
  const attempts = transitions.flatMap((entry) =>
    entry.name === 'CallbackAttempted' ? [entry.args.success] : [],
  )
  expect(attempts).toEqual([false, true])
})
