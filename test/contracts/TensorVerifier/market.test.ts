import { getAddress } from 'viem'
import { expect, test } from 'vitest'

import { demandBond, deposited } from './demanding.ts'
import { corrupt, networkHelpers, supplyWindow } from './fixtures.ts'
import { answer, deployMarketDemo } from './market.ts'
import { demandOf, supplyOf, tensorNode, traceNode } from './nodes.ts'
import { bytesOf, descriptorOf, tensorRoot } from './program.ts'
import { proveElement } from './proofs.ts'

const jobStatus = { answered: 3, challenged: 4, refuted: 6 } as const

async function deploy() {
  const world = await networkHelpers.loadFixture(deployMarketDemo)
  const { market, staking, version, operator, escrow, verifier } = world
  const statusOf = async (job: Awaited<ReturnType<typeof answer>>['job']) =>
    market.read.statusOf([await market.read.jobId([job])])
  const stakeOf = async () =>
    (await staking.read.allocationOf([market.address, version, operator])).active
  const bondsOf = (account: typeof operator) => escrow.read.balanceOf([account, verifier.address])
  return { world, statusOf, stakeOf, bondsOf }
}

test('behavior: a wrong neuron costs the operator its reserved stake and refunds the payer', async () => {
  const { world, statusOf, stakeOf } = await deploy()
  const { market, verifier, staking, escrow, program, tensors, payer, refuter } = world
  const before = {
    stake: await stakeOf(),
    payer: await escrow.read.balanceOf([payer, market.address]),
  }
  const forged = corrupt(tensors, 1, 0, 17)
  const { job, settlement, context } = await answer(world, forged)
  const proof = proveElement(program, forged, 1, 0, 17)
  await verifier.write.prove([market.address, context, proof], { account: refuter })

  expect(await statusOf(job)).toBe(jobStatus.refuted)
  expect(await stakeOf()).toBe(before.stake - settlement.reserved)
  expect(await escrow.read.balanceOf([payer, market.address])).toBe(before.payer)
  const reward = (settlement.reserved * (await staking.read.REWARD_PPM())) / 1_000_000n
  expect(await staking.read.rewardOf([refuter])).toBe(reward)
})

test('behavior: a wrong output is refuted by running the whole model', async () => {
  const { world, statusOf } = await deploy()
  const { market, verifier, program, tensors, weights, refuter } = world
  const { job, context } = await answer(world, tensors, '0x00010203040506070809')
  const whole = [program.map(descriptorOf), weights, bytesOf(tensors[0]!)] as const
  await verifier.write.execute([market.address, context, ...whole], { account: refuter })
  expect(await statusOf(job)).toBe(jobStatus.refuted)
})

test('behavior: an honest operator that supplies earns the bond and stays as it was', async () => {
  const { world, statusOf, stakeOf, bondsOf } = await deploy()
  const { market, verifier, program, tensors, payer, operator } = world
  const stake = await stakeOf()
  const { job, claim, context } = await answer(world, tensors)
  const { node, hash, proof } = demandOf(program, tensors, traceNode, claim.evidenceHash)
  const demanded = [market.address, context, node, hash] as const
  await verifier.write.demand([...demanded, proof], { account: payer })
  expect(await statusOf(job)).toBe(jobStatus.challenged)

  await verifier.write.supply([...demanded, supplyOf(program, tensors, node)], {
    account: operator,
  })
  expect(await statusOf(job)).toBe(jobStatus.answered)
  expect(await bondsOf(operator)).toBe(demandBond)
  expect(await bondsOf(payer)).toBe(deposited - demandBond)
  expect(await stakeOf()).toBe(stake)
})

test('behavior: silence costs the reserved stake, and overtaken bonds return', async () => {
  const { world, statusOf, stakeOf, bondsOf } = await deploy()
  const { market, verifier, staking, program, tensors, payer, rival, outsider } = world
  const stake = await stakeOf()
  const { job, claim, settlement, context } = await answer(world, tensors)
  const first = demandOf(program, tensors, traceNode, claim.evidenceHash)
  const second = demandOf(program, tensors, tensorNode(1), tensorRoot(tensors[1]!))
  const open = ({ node, hash }: typeof first) => [market.address, context, node, hash] as const
  await verifier.write.demand([...open(first), first.proof], { account: payer })
  await verifier.write.demand([...open(second), second.proof], { account: rival })
  await networkHelpers.time.increase(supplyWindow)
  await verifier.write.timeout(open(first), { account: outsider })

  expect(await statusOf(job)).toBe(jobStatus.refuted)
  expect(await stakeOf()).toBe(stake - settlement.reserved)
  expect(await staking.read.rewardOf([getAddress(payer)])).toBeGreaterThan(0n)
  expect(await staking.read.rewardOf([outsider])).toBe(0n)
  await verifier.write.reclaim(open(second), { account: outsider })
  expect(await bondsOf(payer)).toBe(deposited)
  expect(await bondsOf(rival)).toBe(deposited)
})
