import { permute } from './keccak'

/** Bytes that Keccak-256 absorbs at once. */
const rate: i32 = 136

/** Bit that ends the padding, in lane 16. */
const lastBit: u64 = 0x8000000000000000

/** Two states, lane by lane. */
const state = memory.data(400, 16)

/** Empties both states. */
export function clear(): void {
  for (let offset: i32 = 0; offset < 400; offset += 16) {
    v128.store(state + offset, i64x2.splat(0))
  }
}

/** XORs `a` into a lane of the first state and `b` into that of the second. */
export function absorbLane(lane: i32, a: u64, b: u64): void {
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
export function absorb(a: usize, b: usize, length: i32): void {
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
export function squeeze(index: i32, out: usize): void {
  const from = state + (index << 3)
  store<u64>(out, load<u64>(from))
  store<u64>(out, load<u64>(from, 16), 8)
  store<u64>(out, load<u64>(from, 32), 16)
  store<u64>(out, load<u64>(from, 48), 24)
}
