import { permute } from './keccak'

/** Bytes that Keccak-256 absorbs at once. */
const rate: i32 = 136

/** Bit that ends the padding, in lane 16. */
const lastBit: u64 = 0x8000000000000000

/** Two states, lane by lane. */
const state = memory.data(400, 16)

/** A last node and the zero word beside it. */
const halfPair = memory.data(64, 16)

/** What a root hashes: 0x02 ‖ tag ‖ count ‖ top. */
const rootMessage = memory.data(45, 16)

function clear(): void {
  for (let offset: i32 = 0; offset < 400; offset += 16) {
    v128.store(state + offset, i64x2.splat(0))
  }
}

/** XORs `a` into a lane of the first state and `b` into that of the second. */
function absorbLane(lane: i32, a: u64, b: u64): void {
  const at = state + (lane << 4)
  v128.store(at, v128.xor(v128.load(at), i64x2.replace_lane(i64x2.splat(a), 1, b)))
}

/** XORs the first `count` lanes of two messages into the states. */
function absorbLanes(a: usize, b: usize, count: i32): void {
  for (let lane: i32 = 0; lane < count; lane += 1) {
    absorbLane(lane, load<u64>(a + (lane << 3)), load<u64>(b + (lane << 3)))
  }
}

/** Absorbs two messages of `length` bytes; up to 7 bytes after them are read and left out. */
function absorb(a: usize, b: usize, length: i32): void {
  let rest = length
  for (; rest >= rate; rest -= rate) {
    absorbLanes(a, b, 17)
    permute(state)
    a += rate
    b += rate
  }
  const whole = rest >> 3
  absorbLanes(a, b, whole)
  const end = (1 as u64) << ((rest & 7) << 3)
  const at = whole << 3
  absorbLane(whole, (load<u64>(a + at) & (end - 1)) | end, (load<u64>(b + at) & (end - 1)) | end)
  absorbLane(16, lastBit, lastBit)
  permute(state)
}

/** Writes the digest of state 0 or 1. */
function squeeze(index: i32, out: usize): void {
  const from = state + (index << 3)
  store<u64>(out, load<u64>(from))
  store<u64>(out, load<u64>(from, 16), 8)
  store<u64>(out, load<u64>(from, 32), 16)
  store<u64>(out, load<u64>(from, 48), 24)
}

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
