import { absorb, absorbLane, clear, squeeze } from './sponge'

/** A last node and the zero word beside it. */
const halfPair = memory.data(64, 16)

/** What a root hashes: 0x02 ‖ tag ‖ count ‖ top. */
const rootMessage = memory.data(45, 16)

/** Writes keccak256 of `length` bytes. */
export function hash(bytes: usize, length: i32, out: usize): void {
  clear()
  absorb(bytes, bytes, length)
  squeeze(0, out)
}

/** Writes keccak256(domain ‖ data) of two messages of `length` bytes. */
function hashTwo(a: usize, b: usize, length: i32, domain: u8, outA: usize, outB: usize): void {
  clear()
  // The byte before each message is absorbed with it; this turns it into the domain.
  absorbLane(0, load<u8>(a - 1) ^ domain, load<u8>(b - 1) ^ domain)
  absorb(a - 1, b - 1, length + 1)
  squeeze(0, outA)
  squeeze(1, outB)
}

/** Writes the leaf hashes of `count` rows of `length` bytes: keccak256(0x00 ‖ row). */
export function hashRows(rows: usize, count: i32, length: i32, out: usize): void {
  let row: i32 = 0
  for (; row + 2 <= count; row += 2) {
    hashTwo(rows, rows + length, length, 0, out, out + 32)
    rows += 2 * length
    out += 64
  }
  if (row < count) hashTwo(rows, rows, length, 0, out, out)
}

/** Writes the parents of `pairs` pairs of nodes: keccak256(0x01 ‖ left ‖ right). */
function hashPairs(nodes: usize, pairs: i32, out: usize): void {
  let pair: i32 = 0
  for (; pair + 2 <= pairs; pair += 2) {
    hashTwo(nodes, nodes + 64, 64, 1, out, out + 32)
    nodes += 128
    out += 64
  }
  if (pair < pairs) hashTwo(nodes, nodes, 64, 1, out, out)
}

/**
 * Writes the levels above `count` leaf hashes, each straight after the one below it, and returns where the top is. What
 * is missing at the end of a level is the zero word.
 */
export function buildLevels(leaves: usize, count: i32): usize {
  let level = leaves
  for (let width = count; width > 1; width = (width + 1) >> 1) {
    const parents = level + (width << 5)
    const whole = width >> 1
    hashPairs(level, whole, parents)
    if (width & 1) {
      memory.copy(halfPair, parents - 32, 32)
      memory.fill(halfPair + 32, 0, 32)
      hashPairs(halfPair, 1, parents + (whole << 5))
    }
    level = parents
  }
  return level
}

/** Writes the root of a tree: keccak256(0x02 ‖ tag ‖ count ‖ top). `tag` holds four bytes, the first one lowest. */
export function hashRoot(tag: u32, count: i32, top: usize, out: usize): void {
  store<u8>(rootMessage, 2)
  store<u32>(rootMessage, tag, 1)
  store<u64>(rootMessage, bswap<u64>(count as u64), 5)
  memory.copy(rootMessage + 13, top, 32)
  hash(rootMessage, 45, out)
}
