import { LeafCountError, LeafIndexError } from '@assay/protocol/tree'
import type { Hash } from 'viem'

import { instantiateKernels } from '../kernels/instantiateKernels.ts'

/** The tree of a batch, with every path in it. Takes 64 bytes a leaf, outside the heap of the engine. */
export type ReceiptTree = {
  /** Leaves of the tree. */
  count: number
  root: Hash
  /** Siblings of a leaf, from the leaf upwards. Throws `LeafIndexError`. */
  pathOf: (leaf: number) => Hash[]
}

/** Most leaves, so that a tree fits into 2 GB. */
const maxLeaves = 1 << 24

/** Tag of the tree, its first character lowest. */
const tag = [...'RCP1'].reduceRight((word, character) => (word << 8) | character.charCodeAt(0), 0)

/**
 * Builds the tree over ids of receipts, in their order: the same as `receiptTree` of the protocol, in linear time. Throws
 * `LeafCountError`.
 *
 * @example
 * const tree = buildReceiptTree(ids)
 * tree.root // '0x5f1c…'
 */
export function buildReceiptTree(ids: readonly Hash[]): ReceiptTree {
  const count = ids.length
  if (count === 0 || count > maxLeaves) throw new LeafCountError(count)
  const widths = widthsOf(count)
  const nodes = widths.reduce((sum, width) => sum + width, 0)
  // A root after the nodes, and what the kernels read beyond a message.
  const { kernels, base } = instantiateKernels(32 * nodes + 64)
  const memory = Buffer.from(kernels.memory.buffer)
  for (let i = 0; i < count; i++) memory.write(ids[i]!.slice(2), base + 32 * i, 'hex')
  kernels.hashRows(base, count, 32, base)
  const top = kernels.buildLevels(base, count)
  const out = base + 32 * nodes
  kernels.hashRoot(tag, count, top, out)
  return {
    count,
    root: readHash(memory, out),
    pathOf(leaf) {
      if (!Number.isInteger(leaf) || leaf < 0 || leaf >= count)
        throw new LeafIndexError(leaf, count)
      return pathOf({ memory, base, widths }, leaf)
    },
  }
}

function widthsOf(count: number): number[] {
  const widths = [count]
  for (let width = count; width > 1; ) {
    width = Math.ceil(width / 2)
    widths.push(width)
  }
  return widths
}

type Levels = { memory: Buffer; base: number; widths: readonly number[] }

function pathOf({ memory, base, widths }: Levels, leaf: number): Hash[] {
  const path: Hash[] = []
  let [level, index] = [base, leaf]
  for (const width of widths.slice(0, -1)) {
    const sibling = index ^ 1
    // What lies beyond the end of a level is the zero word.
    path.push(sibling < width ? readHash(memory, level + 32 * sibling) : zero)
    level += 32 * width
    index >>= 1
  }
  return path
}

const zero: Hash = `0x${'00'.repeat(32)}`

function readHash(memory: Buffer, at: number): Hash {
  return `0x${memory.toString('hex', at, at + 32)}`
}
