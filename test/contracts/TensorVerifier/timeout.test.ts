import { getAddress } from 'viem'
import { expect, test } from 'vitest'

import { demandBond, deployClaim, deposited, now, statuses } from './demanding.ts'
import { claim, corrupt, networkHelpers, supplyWindow, viem } from './fixtures.ts'
import { tensorNode, traceNode } from './nodes.ts'
import { proveElement } from './proofs.ts'
import { refuses } from './refusals.ts'

test('behavior: silence refutes the claim, whoever reports it; the demander is the refuter', async () => {
  const { verifier, source, payer, outsider, operator, claimId, ...steps } = await deployClaim()
  await steps.demand(traceNode)
  expect(await steps.balanceOf(payer)).toBe(deposited - demandBond)
  await networkHelpers.time.increase(supplyWindow)
  await viem.assertions.emitWithArgs(
    steps.timeout(traceNode, outsider),
    verifier,
    'DemandTimedOut',
    [claimId, await steps.idOf(traceNode), getAddress(outsider)],
  )

  expect(await source.read.refuterOf([claimId])).toBe(getAddress(payer))
  expect(await steps.statusOf(traceNode)).toBe(statuses.timedOut)
  expect(await steps.balanceOf(payer)).toBe(deposited)
  expect(await steps.balanceOf(operator)).toBe(0n)
  expect(await steps.balanceOf(outsider)).toBe(0n)
})

test('behavior: outlasts the challenge window, since an open demand keeps the claim from being final', async () => {
  const { source, claimId, challengeUntil, demand, timeout } = await deployClaim()
  await networkHelpers.time.setNextBlockTimestamp(challengeUntil - 1n)
  await demand(traceNode)
  await networkHelpers.time.increase(10n * supplyWindow)
  await timeout(traceNode)
  expect(await source.read.isRefuted([claimId])).toBe(true)
})

test.each([
  [-1n, false],
  [0n, true],
  [1n, true],
])('behavior: %i seconds from the end of the supply window: %s', async (offset, isOver) => {
  const { world, source, claimId, demand, timeout } = await deployClaim()
  await demand(traceNode)
  const supplyUntil = (await now()) + supplyWindow
  await networkHelpers.time.increaseTo(supplyUntil + offset - 1n)
  if (isOver) {
    await networkHelpers.time.setNextBlockTimestamp(supplyUntil + offset)
    await timeout(traceNode)
  } else {
    const args = [supplyUntil, supplyUntil + offset]
    await refuses(world, timeout(traceNode), 'SupplyWindowOpen', args)
  }
  expect(await source.read.isRefuted([claimId])).toBe(isOver)
})

test('error: a demand that nobody made, or that was supplied', async () => {
  const { world, source, claimId, demand, supply, timeout, idOf } = await deployClaim()
  const id = await idOf(traceNode)
  await refuses(world, timeout(traceNode), 'DemandNotOpen', [id, statuses.none])
  await demand(traceNode)
  await demand(tensorNode(1))
  await supply(traceNode)
  await networkHelpers.time.increase(supplyWindow)
  const args = [await idOf(traceNode), statuses.supplied]
  await refuses(world, timeout(traceNode), 'DemandNotOpen', args)
  expect(await source.read.isRefuted([claimId])).toBe(false)
})

test('error: twice', async () => {
  const { source, claimId, payer, demand, timeout, balanceOf } = await deployClaim()
  await demand(traceNode)
  await networkHelpers.time.increase(supplyWindow)
  await timeout(traceNode)
  await viem.assertions.revertWithCustomErrorWithArgs(timeout(traceNode), source, 'ClaimFinal', [
    claimId,
  ])
  expect(await balanceOf(payer)).toBe(deposited)
})

test('behavior: the bond of a demand that another refutation overtook is reclaimed', async () => {
  const { verifier, source, payer, rival, outsider, claimId, ...steps } = await deployClaim()
  await steps.demand(traceNode)
  await steps.demand(tensorNode(1), undefined, rival)
  await networkHelpers.time.increase(supplyWindow)
  await steps.timeout(traceNode)
  expect(await steps.balanceOf(rival)).toBe(deposited - demandBond)

  await viem.assertions.emitWithArgs(steps.reclaim(tensorNode(1)), verifier, 'DemandReclaimed', [
    claimId,
    await steps.idOf(tensorNode(1)),
    getAddress(outsider),
  ])
  expect(await steps.balanceOf(rival)).toBe(deposited)
  expect(await steps.balanceOf(payer)).toBe(deposited)
  expect(await steps.statusOf(tensorNode(1))).toBe(statuses.reclaimed)
})

test('behavior: a proof while a demand is open refutes at once and lets its bond be reclaimed', async () => {
  const steps = await deployClaim((tensors) => corrupt(tensors, 1, 0, 0))
  const { verifier, source, context, program, tensors, rival, payer } = steps
  await steps.demand(tensorNode(1))
  const proof = proveElement(program, tensors, 1, 0, 0)
  await verifier.write.prove([source.address, context, proof], { account: rival })
  await steps.reclaim(tensorNode(1))
  expect(await steps.balanceOf(payer)).toBe(deposited)
})

test('error: reclaiming while the claim stands, twice, or what is not open', async () => {
  const { world, source, claimId, demand, supply, timeout, reclaim, idOf } = await deployClaim()
  await demand(traceNode)
  await demand(tensorNode(1))
  await demand(tensorNode(2))
  await supply(tensorNode(2))
  await viem.assertions.revertWithCustomErrorWithArgs(
    reclaim(traceNode),
    source,
    'ClaimNotRefuted',
    [claimId],
  )

  await networkHelpers.time.increase(supplyWindow)
  await timeout(traceNode)
  await reclaim(tensorNode(1))
  const id = await idOf(tensorNode(1))
  await refuses(world, reclaim(tensorNode(1)), 'DemandNotOpen', [id, statuses.reclaimed])
  const timedOut = [await idOf(traceNode), statuses.timedOut]
  await refuses(world, reclaim(traceNode), 'DemandNotOpen', timedOut)
  const supplied = [await idOf(tensorNode(2)), statuses.supplied]
  await refuses(world, reclaim(tensorNode(2)), 'DemandNotOpen', supplied)
  const none = [await idOf(tensorNode(3)), statuses.none]
  await refuses(world, reclaim(tensorNode(3)), 'DemandNotOpen', none)
})

test('error: the demand of another claim', async () => {
  const { world, source, demand, at } = await deployClaim()
  const { verifier, version, tensors } = world
  const other = await claim(world, version, tensors)
  await demand(traceNode)
  await networkHelpers.time.increase(supplyWindow)
  const { hash } = at(traceNode)
  const id = await verifier.read.demandId([source.address, other.claimId, traceNode, hash])
  const call = verifier.write.timeout([source.address, other.context, traceNode, hash])
  await refuses(world, call, 'DemandNotOpen', [id, statuses.none])
  expect(await source.read.isRefuted([other.claimId])).toBe(false)
})
