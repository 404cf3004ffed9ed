import {
  type ContractFunctionArgs,
  decodeErrorResult,
  encodeAbiParameters,
  encodeFunctionData,
  getAddress,
  type Hex,
  parseAbiParameters,
} from 'viem'
import { beforeEach, expect, test } from 'vitest'

import { demandBond, deployClaim, deposited, statuses } from './demanding.ts'
import { claim, corrupt, networkHelpers, supplyWindow, validationData, viem } from './fixtures.ts'
import { supplyOf, tensorNode, traceNode } from './nodes.ts'
import { programRoot } from './program.ts'
import { proveElement } from './proofs.ts'
import { refuses } from './refusals.ts'

type Steps = Awaited<ReturnType<typeof deployClaim>>
type Call = 'demand' | 'supply' | 'timeout' | 'reclaim'
type Args<name extends Call> = ContractFunctionArgs<Steps['verifier']['abi'], 'nonpayable', name>

const contextParameters = parseAbiParameters(
  'bytes32, (bytes32 requestId, bytes32 model, address operator, bytes32 inputHash, bytes32 outputHash, bytes32 evidenceHash), uint64',
)

let steps: Steps
let hostile: Awaited<ReturnType<typeof deployHostile>>

function deployHostile() {
  return viem.deployContract('HostileSource')
}

/** What the hostile source then says: the id of the real claim, and `operator` as the one who answered. */
function impersonate(operator = steps.claim.operator): Hex {
  const until = 2n ** 63n
  return encodeAbiParameters(contextParameters, [
    steps.claimId,
    { ...steps.claim, operator },
    until,
  ])
}

/** Has the hostile source call the verifier when it is called next. */
function arm<name extends Call>(functionName: name, args: Args<name>) {
  const { abi } = steps.verifier
  const call = { abi, functionName, args } as Parameters<typeof encodeFunctionData>[0]
  return hostile.write.arm([encodeFunctionData(call)])
}

/** Name of the error that the call back met. */
async function errorOfCallBack() {
  expect(await hostile.read.isCalledBack()).toBe(true)
  expect(await hostile.read.hasSucceeded()).toBe(false)
  const data = await hostile.read.result()
  return decodeErrorResult({ abi: steps.verifier.abi, data }).errorName
}

async function pool() {
  return steps.escrow.read.poolOf([steps.verifier.address])
}

beforeEach(async () => {
  steps = await deployClaim()
  hostile = await deployHostile()
})

test('behavior: a source with the id of a real claim cannot touch the claim’s demands', async () => {
  const { world, verifier, payer, at, demand, supply, statusOf, balanceOf } = steps
  const { hash, proof } = at(traceNode)
  await demand(traceNode)
  await networkHelpers.time.increase(supplyWindow)
  const args = [hostile.address, impersonate(), traceNode, hash] as const
  const id = await verifier.read.demandId([hostile.address, steps.claimId, traceNode, hash])

  const none = [id, statuses.none]
  await refuses(world, verifier.write.timeout([...args]), 'DemandNotOpen', none)
  await refuses(world, verifier.write.reclaim([...args]), 'DemandNotOpen', none)
  const data = supplyOf(steps.program, steps.tensors, traceNode)
  await refuses(world, verifier.write.supply([...args, data]), 'DemandNotOpen', none)
  await verifier.write.demand([...args, proof], { account: payer })
  await verifier.write.supply([...args, data])
  await verifier.write.demand(
    [
      hostile.address,
      impersonate(),
      tensorNode(1),
      at(tensorNode(1)).hash,
      at(tensorNode(1)).proof,
    ],
    { account: payer },
  )

  expect(await statusOf(traceNode)).toBe(statuses.open)
  expect((await steps.source.read.recordOf([steps.claimId]))[2]).toBe(1n)
  const late = supply(traceNode)
  await refuses(world, late, 'SupplyWindowClosed')
  await steps.timeout(traceNode)
  expect(await steps.source.read.isRefuted([steps.claimId])).toBe(true)
  expect(await balanceOf(payer)).toBe(deposited - 2n * demandBond)
})

test('behavior: a follow-up cannot name the supplied demand of another source', async () => {
  const { world, verifier, source, payer, at, demand, challengeUntil, claimId } = steps
  await networkHelpers.time.setNextBlockTimestamp(challengeUntil - 1n)
  await demand(tensorNode(2))
  const { hash, proof } = at(traceNode)
  const fake = [hostile.address, impersonate(), traceNode, hash] as const
  await verifier.write.demand([...fake, proof], { account: payer })
  await verifier.write.supply([...fake, supplyOf(steps.program, steps.tensors, traceNode)])

  const parent = await verifier.read.demandId([source.address, claimId, traceNode, hash])
  const next = BigInt(await networkHelpers.time.latest()) + 1n
  const call = demand(tensorNode(1), hash)
  await refuses(world, call, 'FollowUpClosed', [parent, 0n, next])
})

test('behavior: who uses a hostile source risks only the own bond', async () => {
  const { verifier, payer, rival, at, balanceOf } = steps
  const before = await pool()
  const { hash, proof } = at(traceNode)
  const args = [hostile.address, impersonate(rival), traceNode, hash] as const
  await verifier.write.demand([...args, proof], { account: payer })
  await verifier.write.supply([...args, supplyOf(steps.program, steps.tensors, traceNode)])
  expect(await balanceOf(payer)).toBe(deposited - demandBond)
  expect(await balanceOf(rival)).toBe(deposited + demandBond)
  expect(await pool()).toBe(before)
})

test('behavior: a source that re-enters a demand cannot make it twice', async () => {
  const { verifier, payer, at, balanceOf } = steps
  const { hash, proof } = at(traceNode)
  const args = [hostile.address, impersonate(), traceNode, hash, proof] as const
  await arm('demand', args)
  await verifier.write.demand(args, { account: payer })
  expect(await errorOfCallBack()).toBe('DemandExists')
  expect(await balanceOf(payer)).toBe(deposited - demandBond)
})

test('behavior: a source that re-enters a supply cannot earn the bond twice', async () => {
  const { verifier, payer, rival, at, balanceOf } = steps
  const { hash, proof } = at(traceNode)
  const args = [hostile.address, impersonate(rival), traceNode, hash] as const
  const data = supplyOf(steps.program, steps.tensors, traceNode)
  await verifier.write.demand([...args, proof], { account: payer })
  await arm('supply', [...args, data])
  await verifier.write.supply([...args, data])
  expect(await errorOfCallBack()).toBe('DemandNotOpen')
  expect(await balanceOf(rival)).toBe(deposited + demandBond)
})

test.each(['timeout', 'reclaim'] as const)(
  'behavior: a source that re-enters a time-out by %s cannot return the bond twice',
  async (again) => {
    const { verifier, payer, at, balanceOf } = steps
    const { hash, proof } = at(traceNode)
    const args = [hostile.address, impersonate(), traceNode, hash] as const
    await verifier.write.demand([...args, proof], { account: payer })
    await networkHelpers.time.increase(supplyWindow)
    await arm(again, args)
    await verifier.write.timeout([...args])
    expect(await errorOfCallBack()).toBe('DemandNotOpen')
    expect(await balanceOf(payer)).toBe(deposited)
  },
)

test('behavior: a source that supplies inside the demand it is asked to suspend for gains nothing', async () => {
  const { verifier, payer, rival, at, balanceOf } = steps
  const before = await pool()
  const { hash, proof } = at(traceNode)
  const args = [hostile.address, impersonate(rival), traceNode, hash] as const
  await arm('supply', [...args, supplyOf(steps.program, steps.tensors, traceNode)])
  await verifier.write.demand([...args, proof], { account: payer })
  expect(await hostile.read.hasSucceeded()).toBe(true)
  expect(await balanceOf(payer)).toBe(deposited - demandBond)
  expect(await balanceOf(rival)).toBe(deposited + demandBond)
  expect(await pool()).toBe(before)
})

test('behavior: a claim names one verifier, and another that the model accepts cannot judge it', async () => {
  const { world, source, registry, admin, publisher, model, program, tensors, refuter } = steps
  const other = await viem.deployContract('TensorVerifier', [
    steps.escrow.address,
    registry.address,
    await steps.verifier.read.CHECKER(),
    await steps.verifier.read.INTERPRETER(),
    await steps.verifier.read.RUNNER(),
    demandBond,
    supplyWindow,
    60n,
  ])
  await registry.write.approveVerifier([other.address], { account: admin })
  const [root, data] = [programRoot(program), validationData(program)]
  const methods = [steps.verifier, other].map(({ address }) => ({ verifier: address, root, data }))
  await registry.write.publish([model, root, '', methods], { account: publisher })
  const version = await registry.read.versionId([model, root, methods])

  const forged = corrupt(tensors, 2, 0, 0)
  const { context, claimId } = await claim(world, version, forged)
  const proof = proveElement(program, forged, 2, 0, 0)
  const args = [source.address, context, proof] as const
  await viem.assertions.revertWithCustomErrorWithArgs(
    other.write.prove(args, { account: refuter }),
    source,
    'NotVerifier',
    [getAddress(other.address)],
  )
  await steps.verifier.write.prove(args, { account: refuter })
  expect(await source.read.isRefuted([claimId])).toBe(true)
})
