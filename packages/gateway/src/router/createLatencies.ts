import type { Task } from '@assay/protocol/http'

/** Observations that the percentile is taken of. */
const size = 200
/** Observations before there is a percentile worth the name. */
const least = 20

/** Times until the first content, of all upstreams together, from which a hedge knows what is late. */
export function createLatencies() {
  const rings = new Map<Task, { values: number[]; next: number; p95: number | undefined }>()
  return {
    add(task: Task, elapsedMs: number) {
      const ring = rings.get(task) ?? { values: [], next: 0, p95: undefined }
      rings.set(task, ring)
      ring.values[ring.next] = elapsedMs
      ring.next = (ring.next + 1) % size
      if (ring.values.length < least || (ring.next % least !== 0 && ring.p95 !== undefined)) return
      const sorted = ring.values.toSorted((a, b) => a - b)
      ring.p95 = sorted[Math.floor(0.95 * (sorted.length - 1))]
    },
    /** Milliseconds within which 95 of 100 answers began; undefined before there were enough. */
    p95: (task: Task) => rings.get(task)?.p95,
  }
}
