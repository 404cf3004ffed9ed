import fc from 'fast-check'
import { bytesToHex, type Hash, hexToBytes, keccak256, zeroHash } from 'viem'
import { expect, test } from 'vitest'

import { buildTree, buildTreeOfHashes } from './buildTree.ts'
import { HashLengthError, LeafCountError, LeafIndexError, PathLengthError } from './errors.ts'
import { leafHash } from './leafHash.ts'
import { nodeHash } from './nodeHash.ts'
import { pathOf } from './pathOf.ts'
import { rootHash, type TreeTag } from './rootHash.ts'
import { rootOfPath } from './rootOfPath.ts'
import { treeDepth } from './treeDepth.ts'
import { verifyPath } from './verifyPath.ts'

const tags: TreeTag[] = ['TNS1', 'TRC1', 'WGT1', 'PRG1']
const leavesArbitrary = fc.array(fc.uint8Array({ maxLength: 70 }), { minLength: 1, maxLength: 40 })
const treeArbitrary = fc.record({ tag: fc.constantFrom(...tags), leaves: leavesArbitrary })

/** A tree and one of its leaves. */
const openingArbitrary = treeArbitrary.chain(({ tag, leaves }) =>
  fc.record({
    tag: fc.constant(tag),
    leaves: fc.constant(leaves),
    index: fc.nat(leaves.length - 1),
  }),
)

function open(tag: TreeTag, leaves: Uint8Array[], index: number) {
  const tree = buildTree(tag, leaves)
  const leaf = leafHash(leaves[index]!)
  return {
    tag,
    count: tree.count,
    index,
    leafHash: leaf,
    path: pathOf(tree, index),
    root: tree.root,
  }
}

function flip(hash: Hash, bit: number): Hash {
  const bytes = hexToBytes(hash)
  bytes[bit >> 3]! ^= 1 << (bit & 7)
  return bytesToHex(bytes)
}

test('default', () => {
  const leaves = [new Uint8Array([1]), new Uint8Array([2, 3]), new Uint8Array(0)]
  const [a, b, c] = leaves.map(leafHash) as [Hash, Hash, Hash]
  const top = nodeHash(nodeHash(a, b), nodeHash(c, zeroHash))

  expect(a).toBe(keccak256('0x0001'))
  expect(nodeHash(a, b)).toBe(keccak256(`0x01${a.slice(2)}${b.slice(2)}`))
  expect(buildTree('TNS1', leaves).root).toBe(
    keccak256(`0x02${'544e5331'}${'0000000000000003'}${top.slice(2)}`),
  )
})

test('behavior: a tree of one leaf has no levels above it', () => {
  const leaf = leafHash(new Uint8Array([7]))
  const tree = buildTree('TRC1', [new Uint8Array([7])])
  expect(tree.root).toBe(rootHash({ tag: 'TRC1', count: 1, top: leaf }))
  expect(pathOf(tree, 0)).toEqual([])
})

test('behavior: two zero words make a zero word', () => {
  expect(nodeHash(zeroHash, zeroHash)).toBe(zeroHash)
})

test.each([
  [1, 0],
  [2, 1],
  [3, 2],
  [4, 2],
  [5, 3],
  [1024, 10],
  [1025, 11],
  [2 ** 40, 40],
])('behavior: a tree of %i leaves is %i deep', (count, depth) => {
  expect(treeDepth(count)).toBe(depth)
})

test('behavior: every leaf opens to the root', () => {
  fc.assert(
    fc.property(openingArbitrary, ({ tag, leaves, index }) => {
      const { root, ...opening } = open(tag, leaves, index)
      expect(rootOfPath(opening)).toBe(root)
      expect(verifyPath({ ...opening, root })).toBe(true)
    }),
  )
})

test('behavior: leaf hashes build the same tree', () => {
  fc.assert(
    fc.property(treeArbitrary, ({ tag, leaves }) => {
      expect(buildTreeOfHashes(tag, leaves.map(leafHash)).root).toBe(buildTree(tag, leaves).root)
    }),
  )
})

test('behavior: a flipped bit, another index, count or tag does not verify', () => {
  fc.assert(
    fc.property(openingArbitrary, fc.nat(255), fc.nat(), ({ tag, leaves, index }, bit, pick) => {
      const opening = open(tag, leaves, index)
      const { count, path } = opening
      const level = pick % Math.max(path.length, 1)
      const bent = path.map((sibling, i) => (i === level ? flip(sibling, bit) : sibling))
      const otherTag = tags[(tags.indexOf(tag) + 1) % tags.length]!

      expect(verifyPath({ ...opening, leafHash: flip(opening.leafHash, bit) })).toBe(false)
      if (path.length > 0) expect(verifyPath({ ...opening, path: bent })).toBe(false)
      expect(verifyPath({ ...opening, count: count + 1 })).toBe(false)
      expect(verifyPath({ ...opening, tag: otherTag })).toBe(false)
      expect(verifyPath({ ...opening, index: count })).toBe(false)
      expect(verifyPath({ ...opening, path: [...path, zeroHash] })).toBe(false)
    }),
  )
})

test('behavior: a leaf opens at its own position only', () => {
  const leaves = [0, 1, 2, 3, 4].map((byte) => new Uint8Array([byte]))
  for (const index of leaves.keys()) {
    const opening = open('WGT1', leaves, index)
    const verified = [...leaves.keys()].filter((other) => verifyPath({ ...opening, index: other }))
    expect(verified).toEqual([index])
  }
})

test('behavior: trees of different leaves have different roots', () => {
  fc.assert(
    fc.property(leavesArbitrary, leavesArbitrary, (left, right) => {
      const isSame = JSON.stringify(left.map(leafHash)) === JSON.stringify(right.map(leafHash))
      expect(buildTree('TNS1', left).root === buildTree('TNS1', right).root).toBe(isSame)
    }),
  )
})

test.each([0, -1, 1.5, Number.NaN, 2 ** 60])('error: %s leaves', (count) => {
  expect(() => treeDepth(count)).toThrow(LeafCountError)
})

test('error: a tree without leaves', () => {
  expect(() => buildTree('TNS1', [])).toThrow(LeafCountError)
})

test.each([-1, 2, 0.5])('error: leaf %s of two', (index) => {
  const tree = buildTree('TNS1', [new Uint8Array(1), new Uint8Array(2)])
  expect(() => pathOf(tree, index)).toThrow(LeafIndexError)
})

test('error: a path of another length, an index beyond the count', () => {
  const leaf = leafHash(new Uint8Array(1))
  const opening = { tag: 'TNS1', count: 2, index: 0, leafHash: leaf } as const
  expect(() => rootOfPath({ ...opening, path: [] })).toThrow(PathLengthError)
  expect(() => rootOfPath({ ...opening, path: [leaf, leaf] })).toThrow(PathLengthError)
  expect(() => rootOfPath({ ...opening, path: [leaf], index: 2 })).toThrow(LeafIndexError)
})

test('error: a hash of another length', () => {
  expect(() => nodeHash('0x00', zeroHash)).toThrow(HashLengthError)
})
