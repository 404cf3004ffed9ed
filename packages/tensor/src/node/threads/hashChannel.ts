import type { Shape } from '../../fast/layout.ts'

/** What the thread that hashes is started with. */
export type HashWorkerData = {
  /** By tensor. */
  shapes: readonly Shape[]
  shared: SharedArrayBuffer
}

/** Bytes before the memory: how many tensors were published, and how many traces finished, of all times. */
const headerLength = 64
const published = 0
const finished = 1

/** Both ends of the memory in which one thread publishes tensors and the other answers with trees and hashes. */
export function createChannel(shared: SharedArrayBuffer) {
  const counters = new Int32Array(shared, 0, 2)
  const memory = new Uint8Array(shared, headerLength)
  let traces = 0

  /**
   * Waits until a counter is no longer what it was. Who wakes up looks again: a notification may be about an earlier change, which
   * was seen before it was told of.
   */
  function awaitChange(counter: number, seen: number, timeoutMs = Number.POSITIVE_INFINITY) {
    while (Atomics.load(counters, counter) === seen) {
      if (Atomics.wait(counters, counter, seen, timeoutMs) === 'timed-out') return false
    }
    return true
  }
  function count(counter: number) {
    Atomics.add(counters, counter, 1)
    Atomics.notify(counters, counter)
  }
  return {
    memory,
    /** Tells that one tensor more is complete. */
    publish: () => count(published),
    /** Waits for the tensor after the first `seen` ones. */
    awaitPublished: (seen: number) => void awaitChange(published, seen),
    finish: () => count(finished),
    /** Waits until the trace of all published tensors is there; false if it takes too long. */
    awaitFinished: (timeoutMs: number) => {
      const isFinished = awaitChange(finished, traces, timeoutMs)
      traces = (traces + 1) | 0
      return isFinished
    },
  }
}

/** Bytes of shared memory that hold `length` bytes of tensors, trees and hashes. */
createChannel.bytes = (length: number) => headerLength + length
