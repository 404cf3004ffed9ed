import { type Address, type Hex, zeroHash } from 'viem'

import { funds } from '../fixtures.ts'
import { claim, demandBond, deployRows, networkHelpers } from './fixtures.ts'
import { demandOf, type Node, supplyOf } from './nodes.ts'
import type { Tensor } from './program.ts'
import { tensorRoot } from './program.ts'

export const statuses = { none: 0, open: 1, supplied: 2, timedOut: 3, reclaimed: 4 } as const

/** What each funded account has set aside for demands. */
export const deposited = funds / 2n
export { demandBond }

export async function now() {
  return BigInt(await networkHelpers.time.latest())
}

/** An honest claim of the program of several rows, and shorthands for every step of a demand about it. */
export async function deployClaim(committed?: (tensors: Tensor[]) => Tensor[]) {
  const world = await networkHelpers.loadFixture(deployRows)
  const { verifier, source, escrow, program, version, payer } = world
  const tensors = committed === undefined ? world.tensors : committed(world.tensors)
  const claimed = await claim(world, version, tensors)
  return { ...world, world, ...claimed, tensors, ...stepsOf() }

  function rootOf({ tree, index }: Node) {
    if (tree === 0) return claimed.claim.evidenceHash
    if (tree === 1) return tensorRoot(tensors[index]!)
    return weightsRoot(index)
  }

  function weightsRoot(index: number): Hex {
    const { descriptor } = demandOf(program, tensors, { tree: 0, index, leaf: 0 }, zeroHash).proof
      .operator
    return `0x${descriptor.slice(-64)}`
  }

  function stepsOf() {
    const at = (node: Node, hashOfParent?: Hex) =>
      demandOf(program, tensors, node, rootOf(node), hashOfParent)
    const idOf = (node: Node) =>
      verifier.read.demandId([source.address, claimed.claimId, node, at(node).hash])
    return {
      at,
      idOf,
      demand: (node: Node, hashOfParent?: Hex, account: Address = payer) => {
        const { hash, proof } = at(node, hashOfParent)
        const args = [source.address, claimed.context, node, hash, proof] as const
        return verifier.write.demand(args, { account })
      },
      supply: (node: Node, data: Hex = supplyOf(program, tensors, node)) =>
        verifier.write.supply([source.address, claimed.context, node, at(node).hash, data], {
          account: world.outsider,
        }),
      timeout: (node: Node, account: Address = world.outsider) =>
        verifier.write.timeout([source.address, claimed.context, node, at(node).hash], { account }),
      reclaim: (node: Node) =>
        verifier.write.reclaim([source.address, claimed.context, node, at(node).hash], {
          account: world.outsider,
        }),
      statusOf: async (node: Node) => (await verifier.read.demandOf([await idOf(node)]))[0],
      balanceOf: (account: Address) => escrow.read.balanceOf([account, verifier.address]),
    }
  }
}
