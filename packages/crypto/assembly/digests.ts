import { absorb, clear, squeeze } from './sponge'

// biome-ignore lint/performance/noBarrelFile: a module exports what its entry file does
export { buildLevels, hashRoot, hashRows } from './merkle'

/** Writes keccak256 of `count` messages of `length` bytes, which follow each other, two at a time. */
export function hashMessages(messages: usize, count: i32, length: i32, out: usize): void {
  for (let i: i32 = 0; i < count; i += 2) {
    const second = i + 1 < count ? messages + length : messages
    clear()
    absorb(messages, second, length)
    squeeze(0, out)
    if (i + 1 < count) squeeze(1, out + 32)
    messages += 2 * length
    out += 64
  }
}

/** Bytes from one of two messages to the other; a message is 0x1901, a domain's separator and the hash of a struct. */
const stride: i32 = 72
const typed = memory.data(144, 16)

/** Writes the EIP-712 digests of `count` structs of `length` bytes, which follow each other, two at a time. */
export function hashTyped(
  separator: usize,
  structs: usize,
  count: i32,
  length: i32,
  out: usize,
): void {
  for (let message = typed; message <= typed + stride; message += stride) {
    store<u16>(message, 0x0119)
    memory.copy(message + 2, separator, 32)
  }
  for (let i: i32 = 0; i < count; i += 2) {
    const isPair = i + 1 < count
    clear()
    absorb(structs, isPair ? structs + length : structs, length)
    squeeze(0, typed + 34)
    squeeze(1, typed + stride + 34)
    clear()
    absorb(typed, typed + stride, 66)
    squeeze(0, out)
    if (isPair) squeeze(1, out + 32)
    structs += 2 * length
    out += 64
  }
}

/** Returns the first byte of memory that no static data takes. */
export function heapBase(): usize {
  return __heap_base
}
