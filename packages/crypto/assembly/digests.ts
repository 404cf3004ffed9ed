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

/** Returns the first byte of memory that no static data takes. */
export function heapBase(): usize {
  return __heap_base
}
