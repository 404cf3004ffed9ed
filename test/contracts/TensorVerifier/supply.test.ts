import { concat, getAddress, type Hex, slice } from 'viem'
import { describe, expect, test } from 'vitest'

import { demandBond, deployClaim, now, statuses } from './demanding.ts'
import { claim, followUpWindow, networkHelpers, supplyWindow, viem } from './fixtures.ts'
import { supplyOf, tensorNode, traceNode, weightsNode } from './nodes.ts'
import { hashLeaf, rootOf, type Tensor, tensorRoot } from './program.ts'
import { refuses } from './refusals.ts'

const everyNode = [
  traceNode,
  { ...traceNode, leaf: 2 },
  tensorNode(0),
  tensorNode(0, 2),
  tensorNode(1),
  tensorNode(2, 0),
  weightsNode(2),
  weightsNode(3, 1),
]

test.each(everyNode)('behavior: tree $tree, index $index, leaf $leaf', async (node) => {
  const { verifier, source, operator, outsider, claimId, ...steps } = await deployClaim()
  await steps.demand(node)
  const suppliedAt = (await now()) + 1n
  const data = supplyOf(steps.program, steps.tensors, node)
  await viem.assertions.emitWithArgs(steps.supply(node), verifier, 'Supplied', [
    claimId,
    await steps.idOf(node),
    getAddress(outsider),
    data,
  ])

  expect(await steps.statusOf(node)).toBe(statuses.supplied)
  expect((await verifier.read.demandOf([await steps.idOf(node)]))[2]).toBe(suppliedAt)
  expect(await steps.balanceOf(operator)).toBe(demandBond)
  expect((await source.read.recordOf([claimId]))[2]).toBe(0n)
})

test('behavior: keeps the claim refutable for the follow-up window, last second included', async () => {
  const { source, claimId, challengeUntil, demand, supply } = await deployClaim()
  await demand(traceNode)
  await networkHelpers.time.setNextBlockTimestamp(challengeUntil - 310n)
  await supply(traceNode)
  const finalAt = async () => (await source.read.recordOf([claimId]))[1]
  expect(await finalAt()).toBe(challengeUntil)

  await networkHelpers.time.setNextBlockTimestamp(challengeUntil - 1n)
  await demand(tensorNode(1))
  const suppliedAt = challengeUntil + 20n
  await networkHelpers.time.setNextBlockTimestamp(suppliedAt)
  await supply(tensorNode(1))
  expect(await finalAt()).toBe(suppliedAt + followUpWindow)
})

describe('the clock', () => {
  test('behavior: until the last second of the supply window', async () => {
    const { demand, supply, statusOf } = await deployClaim()
    await demand(traceNode)
    await networkHelpers.time.setNextBlockTimestamp((await now()) + supplyWindow - 1n)
    await supply(traceNode)
    expect(await statusOf(traceNode)).toBe(statuses.supplied)
  })

  test.each([0n, 1n])('error: %i seconds after its end', async (late) => {
    const { world, demand, supply, statusOf } = await deployClaim()
    await demand(traceNode)
    const supplyUntil = (await now()) + supplyWindow
    await networkHelpers.time.increaseTo(supplyUntil + late - 1n)
    const args = [supplyUntil, supplyUntil + late]
    await refuses(world, supply(traceNode), 'SupplyWindowClosed', args)
    expect(await statusOf(traceNode)).toBe(statuses.open)
  })
})

describe('refuses', () => {
  test('error: what nobody demanded, and what was supplied before', async () => {
    const { world, demand, supply, idOf, balanceOf, operator } = await deployClaim()
    const id = await idOf(traceNode)
    await refuses(world, supply(traceNode), 'DemandNotOpen', [id, statuses.none])
    await demand(traceNode)
    await supply(traceNode)
    await refuses(world, supply(traceNode), 'DemandNotOpen', [id, statuses.supplied])
    expect(await balanceOf(operator)).toBe(demandBond)
  })

  test.each(everyNode)(
    'error: data that does not hash to tree $tree, index $index, leaf $leaf',
    async (node) => {
      const { world, demand, supply, program, tensors } = await deployClaim()
      await demand(node)
      const data = supplyOf(program, tensors, node)
      const flipped = data.endsWith('0') ? '1' : '0'
      const wrong = `${data.slice(0, -1)}${flipped}` as Hex
      await refuses(world, supply(node, wrong), 'PreimageMismatch')
      const size = (data.length - 2) / 2
      const short = supply(node, slice(data, 0, -1))
      await refuses(world, short, 'DataLengthMismatch', [BigInt(size - 1), BigInt(size)])
      const long = supply(node, concat([data, '0x00']))
      await refuses(world, long, 'DataLengthMismatch', [BigInt(size + 1), BigInt(size)])
    },
  )

  test('error: the leaves of a tree in another order', async () => {
    const { world, demand, supply, program, tensors } = await deployClaim()
    const node = tensorNode(1)
    await demand(node)
    const data = supplyOf(program, tensors, node)
    const swapped = concat([slice(data, 32, 64), slice(data, 0, 32), slice(data, 64)])
    await refuses(world, supply(node, swapped), 'PreimageMismatch')
  })
})

describe('a malformed commitment cannot be supplied and loses by silence', () => {
  test('behavior: a trace of more tensors than the program has', async () => {
    const { world, source, verifier, version, ...steps } = await deployClaim()
    const roots = [...steps.tensors.slice(1), steps.tensors[3]!].map(tensorRoot)
    const evidenceHash = rootOf('TRC1', roots.map(hashLeaf))
    const lie = await claim(world, version, steps.tensors, { evidenceHash })
    const { proof } = steps.at(traceNode)
    const demanded = [source.address, lie.context, traceNode, evidenceHash] as const
    await verifier.write.demand([...demanded, proof], { account: world.payer })

    const long = verifier.write.supply([...demanded, concat(roots)])
    await refuses(world, long, 'DataLengthMismatch', [128n, 96n])
    const short = verifier.write.supply([...demanded, concat(roots.slice(1))])
    await refuses(world, short, 'PreimageMismatch')
    await networkHelpers.time.increase(supplyWindow)
    await verifier.write.timeout([...demanded])
    expect(await source.read.isRefuted([lie.claimId])).toBe(true)
  })

  test('behavior: a tensor of fewer rows than its operator produces', async () => {
    const steps = await deployClaim((tensors) => tensors.with(1, tensors[1]!.slice(0, 2)))
    const { world, demand, supply, timeout, source, claimId } = steps
    await demand(tensorNode(1))
    await refuses(world, supply(tensorNode(1)), 'DataLengthMismatch', [64n, 96n])
    await networkHelpers.time.increase(supplyWindow)
    await timeout(tensorNode(1))
    expect(await source.read.isRefuted([claimId])).toBe(true)
  })

  test('behavior: a row shorter than its operator’s', async () => {
    const shorten = (rows: Tensor) => rows.with(1, rows[1]!.slice(1))
    const steps = await deployClaim((tensors) => tensors.with(1, shorten(tensors[1]!)))
    const { world, demand, supply, timeout, source, claimId } = steps
    const row = tensorNode(1, 1)
    await demand(row)
    await refuses(world, supply(row), 'DataLengthMismatch', [19n, 20n])
    await networkHelpers.time.increase(supplyWindow)
    await timeout(row)
    expect(await source.read.isRefuted([claimId])).toBe(true)
  })

  test('behavior: an honest operator can always supply every node', async () => {
    const { program, tensors, demand, supply, statusOf } = await deployClaim()
    const rows = tensors.flatMap((tensor, i) => tensor.map((_, row) => tensorNode(i, row)))
    const weights = [2, 3].flatMap((i) => {
      const operator = program[i]!
      return operator.kind === 'dense' ? operator.neurons.map((_, j) => weightsNode(i, j)) : []
    })
    const roots = [0, 1, 2].map((leaf) => ({ ...traceNode, leaf }))
    const lists = [
      traceNode,
      ...[0, 1, 2, 3].map((i) => tensorNode(i)),
      ...[2, 3].map((i) => weightsNode(i)),
    ]
    for (const node of [...lists, ...roots, ...rows, ...weights]) {
      await demand(node)
      await supply(node)
      expect(await statusOf(node)).toBe(statuses.supplied)
    }
  })
})
