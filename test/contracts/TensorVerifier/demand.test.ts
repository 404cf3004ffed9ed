import { allLeaves } from '@assay/protocol'
import { encodeAbiParameters, getAddress, type Hex, keccak256, zeroHash } from 'viem'
import { describe, expect, test } from 'vitest'

import { demandBond, deployClaim, deposited, now, statuses } from './demanding.ts'
import { claim, followUpWindow, networkHelpers, supplyWindow, viem } from './fixtures.ts'
import { tensorNode, traceNode, weightsNode } from './nodes.ts'
import { openOperator } from './proofs.ts'
import { refuses } from './refusals.ts'

const everyNode = [
  traceNode,
  { ...traceNode, leaf: 2 },
  tensorNode(0),
  tensorNode(0, 2),
  tensorNode(1),
  tensorNode(1, 1),
  tensorNode(3),
  tensorNode(3, 0),
  weightsNode(2),
  weightsNode(2, 4),
  weightsNode(3, 0),
]

describe('opens', () => {
  test.each(everyNode)(
    'behavior: a demand for tree $tree, index $index, leaf $leaf',
    async (node) => {
      const { verifier, source, payer, claimId, at, idOf, demand, ...rest } = await deployClaim()
      const id = await idOf(node)
      const { hash } = at(node)
      const supplyUntil = (await now()) + 1n + supplyWindow
      await viem.assertions.emitWithArgs(demand(node), verifier, 'Demanded', [
        claimId,
        id,
        getAddress(source.address),
        getAddress(payer),
        node,
        hash,
        supplyUntil,
      ])

      const expected = [statuses.open, getAddress(payer), supplyUntil]
      expect(await verifier.read.demandOf([id])).toEqual(expected)
      expect(await rest.balanceOf(payer)).toBe(deposited - demandBond)
      expect((await source.read.recordOf([claimId]))[2]).toBe(1n)
    },
  )

  test('behavior: the id binds source, claim, node and hash', async () => {
    const { source, claimId, at, idOf } = await deployClaim()
    const { hash } = at(traceNode)
    const types = ['address', 'bytes32', 'uint8', 'uint32', 'uint32', 'bytes32'] as const
    const encoded = encodeAbiParameters(
      types.map((type) => ({ type })),
      [source.address, claimId, 0, 0, allLeaves, hash],
    )
    expect(await idOf(traceNode)).toBe(keccak256(encoded))
  })

  test('behavior: several at once, of one demander or of many', async () => {
    const { source, payer, rival, claimId, demand, balanceOf } = await deployClaim()
    await demand(traceNode)
    await demand(tensorNode(2), undefined, rival)
    await demand(weightsNode(2))
    expect((await source.read.recordOf([claimId]))[2]).toBe(3n)
    expect(await balanceOf(payer)).toBe(deposited - 2n * demandBond)
    expect(await balanceOf(rival)).toBe(deposited - demandBond)
  })
})

describe('refuses', () => {
  test('error: the same demand twice, in whatever state the first is', async () => {
    const { world, idOf, demand, supply } = await deployClaim()
    const id = await idOf(traceNode)
    await demand(traceNode)
    await refuses(world, demand(traceNode), 'DemandExists', [id, statuses.open])
    await supply(traceNode)
    await refuses(world, demand(traceNode), 'DemandExists', [id, statuses.supplied])
  })

  test('error: a demander without the bond', async () => {
    const { escrow, outsider, verifier, demand } = await deployClaim()
    await viem.assertions.revertWithCustomErrorWithArgs(
      demand(traceNode, undefined, outsider),
      escrow,
      'InsufficientBalance',
      [getAddress(outsider), getAddress(verifier.address), 0n, demandBond],
    )
  })

  test('error: a hash that the claim does not bind at the node', async () => {
    const { world, source, context, at } = await deployClaim()
    const { verifier } = world
    for (const node of everyNode) {
      const { proof } = at(node)
      const call = verifier.write.demand([source.address, context, node, zeroHash, proof])
      await refuses(world, call, 'RootMismatch')
    }
  })

  test('error: a leaf under another number, past the end, or by another path', async () => {
    const { world, source, context, at } = await deployClaim()
    const { verifier } = world
    const { hash, proof } = at(tensorNode(1, 1))
    const demand = (leaf: number, path: Hex[]) =>
      verifier.write.demand([
        source.address,
        context,
        tensorNode(1, leaf),
        hash,
        { ...proof, path },
      ])
    await refuses(world, demand(0, proof.path), 'RootMismatch')
    await refuses(world, demand(3, proof.path), 'IndexOutOfRange', [3n, 3n])
    await refuses(world, demand(1, proof.path.slice(1)), 'PathLengthMismatch', [1n, 2n])
    await refuses(world, demand(1, [...proof.path, zeroHash]), 'PathLengthMismatch', [3n, 2n])
  })

  test('error: an inner node as if it were a leaf', async () => {
    const { world, source, context, at, tensors } = await deployClaim()
    const { proof } = at(tensorNode(1, 2))
    const [, node] = proof.path as [Hex, Hex]
    expect(tensors[1]).toHaveLength(3)
    const call = world.verifier.write.demand([
      source.address,
      context,
      tensorNode(1, 0),
      node,
      { ...proof, path: [at(tensorNode(1, 2)).hash] },
    ])
    await refuses(world, call, 'PathLengthMismatch', [1n, 2n])
  })

  test('error: an operator that does not say what the node holds', async () => {
    const { world, source, context, program, at } = await deployClaim()
    const { verifier } = world
    const node = tensorNode(2)
    const { hash, proof } = at(node)
    const wrong = { ...proof, operator: openOperator(program, 1) }
    const call = verifier.write.demand([source.address, context, node, hash, wrong])
    await refuses(world, call, 'OperatorMismatch', [1, 2])
    const forged = { ...proof, operator: { ...proof.operator, count: 3 } }
    const shorter = verifier.write.demand([source.address, context, node, hash, forged])
    await refuses(world, shorter, 'ProgramMismatch')
  })

  test('error: trace nodes beyond the one trace, and weights of operators without', async () => {
    const { world, source, context, program, claim: claimed } = await deployClaim()
    const { verifier } = world
    const open = (index: number) => ({
      operator: openOperator(program, index),
      tensor: { root: zeroHash, path: [] },
      path: [],
      hashOfParent: zeroHash,
    })
    const demand = (tree: number, index: number) => {
      const node = { tree, index, leaf: allLeaves }
      return verifier.write.demand([
        source.address,
        context,
        node,
        claimed.evidenceHash,
        open(index),
      ])
    }
    await refuses(world, demand(0, 1), 'IndexOutOfRange', [1n, 1n])
    await refuses(world, demand(2, 0), 'UnknownOperatorKind', [0])
    await refuses(world, demand(2, 1), 'UnknownOperatorKind', [2])
  })

  test('error: a model without a program here', async () => {
    const { world, tensors, at } = await deployClaim()
    const { verifier, source } = world
    const { context, claimId } = await claim(world, zeroHash, tensors)
    const { hash, proof } = at(traceNode)
    const call = verifier.write.demand([source.address, context, traceNode, hash, proof])
    await refuses(world, call, 'UnknownProgram', [claimId])
  })

  test('error: a claim that is final', async () => {
    const { source, claimId, challengeUntil, demand } = await deployClaim()
    await networkHelpers.time.increaseTo(challengeUntil)
    await viem.assertions.revertWithCustomErrorWithArgs(demand(traceNode), source, 'ClaimFinal', [
      claimId,
    ])
  })
})

describe('follow-ups', () => {
  /** A claim whose window closes while the demand for its trace is open; it is supplied `late` seconds after. */
  async function supplyTraceAfterWindow() {
    const steps = await deployClaim()
    const { challengeUntil, demand, supply, at } = steps
    await networkHelpers.time.setNextBlockTimestamp(challengeUntil - 1n)
    await demand(traceNode)
    await networkHelpers.time.setNextBlockTimestamp(challengeUntil + 50n)
    await supply(traceNode)
    return { ...steps, parent: at(traceNode).hash, suppliedAt: challengeUntil + 50n }
  }

  test('behavior: trace, tensor, row: each within the window of the last', async () => {
    const { demand, supply, parent, at, statusOf } = await supplyTraceAfterWindow()
    await demand(tensorNode(1), parent)
    await networkHelpers.time.increase(supplyWindow - 10n)
    await supply(tensorNode(1))
    await networkHelpers.time.increase(followUpWindow - 10n)
    await demand(tensorNode(1, 2), at(tensorNode(1)).hash)
    await supply(tensorNode(1, 2))
    expect(await statusOf(tensorNode(1, 2))).toBe(statuses.supplied)
  })

  test('behavior: a tensor root of the trace, which is its leaf', async () => {
    const { demand, parent, statusOf } = await supplyTraceAfterWindow()
    await demand({ ...traceNode, leaf: 1 }, parent)
    expect(await statusOf({ ...traceNode, leaf: 1 })).toBe(statuses.open)
  })

  test('behavior: until the last second of the follow-up window', async () => {
    const { demand, parent, suppliedAt, statusOf } = await supplyTraceAfterWindow()
    await networkHelpers.time.setNextBlockTimestamp(suppliedAt + followUpWindow - 1n)
    await demand(tensorNode(1), parent)
    expect(await statusOf(tensorNode(1))).toBe(statuses.open)
  })

  test('error: from the end of the follow-up window on', async () => {
    const { world, demand, idOf, parent, suppliedAt } = await supplyTraceAfterWindow()
    // Another open demand keeps the claim from becoming final.
    await demand(tensorNode(2), parent)
    const until = suppliedAt + followUpWindow
    await networkHelpers.time.increaseTo(until - 1n)
    const args = [await idOf(traceNode), until, until]
    await refuses(world, demand(tensorNode(1), parent), 'FollowUpClosed', args)
  })

  test('error: nodes without a parent', async () => {
    const { world, demand, parent, challengeUntil } = await supplyTraceAfterWindow()
    for (const node of [tensorNode(0), weightsNode(2)]) {
      const args = [challengeUntil, (await now()) + 1n]
      await refuses(world, demand(node, parent), 'DemandWindowClosed', args)
    }
  })

  test('error: a parent that is not supplied, not the node’s, or not the claim’s', async () => {
    const { world, claimId, at, demand, idOf, parent } = await supplyTraceAfterWindow()
    const { verifier, source } = world
    const refusesUnder = async (id: Hex, act: () => Promise<unknown>) => {
      const closed = [id, 0n, (await now()) + 1n]
      await refuses(world, act(), 'FollowUpClosed', closed)
    }
    const row = tensorNode(1, 0)

    await demand(tensorNode(1), parent)
    const { hash } = at(tensorNode(1))
    await refusesUnder(await idOf(tensorNode(1)), () => demand(row, hash))
    const missing = await verifier.read.demandId([source.address, claimId, tensorNode(1), parent])
    await refusesUnder(missing, () => demand(row, parent))
    const none = await verifier.read.demandId([source.address, claimId, traceNode, zeroHash])
    await refusesUnder(none, () => demand(tensorNode(2)))
  })

  test('behavior: inside the window no parent is asked for', async () => {
    const { demand, challengeUntil, statusOf } = await deployClaim()
    await networkHelpers.time.setNextBlockTimestamp(challengeUntil - 1n)
    await demand(tensorNode(1, 2))
    expect(await statusOf(tensorNode(1, 2))).toBe(statuses.open)
  })

  test('error: at the end of the window, to the second', async () => {
    const { world, demand, challengeUntil } = await deployClaim()
    await demand(traceNode)
    await networkHelpers.time.increaseTo(challengeUntil - 1n)
    await refuses(world, demand(weightsNode(2)), 'DemandWindowClosed', [
      challengeUntil,
      challengeUntil,
    ])
  })
})
