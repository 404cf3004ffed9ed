import type { Hash } from 'viem'

/** When an operator did something, in milliseconds since 1970. */
export type Moment =
  /** Heard of a new newest block. */
  | { type: 'head'; number: number; at: number }
  /** Took a job in. */
  | { type: 'seen'; id: Hash; at: number }
  /** Stored a result and its trace. */
  | { type: 'computed'; id: Hash; engineMs: number; at: number }
  /** Signed an answer; a node had accepted it. */
  | { type: 'broadcast' | 'signed'; id: Hash; at: number }

/** Where the time between a job and its answer went, in milliseconds. */
export type Timeline = {
  id: Hash
  /** Own time: all of `before` and `after`. */
  own: number
  /** From hearing of the job's block to the stored result, without the engine. */
  before: number
  /** From the result, or from hearing of the block that opened the slot if that came later, to the node's acceptance. */
  after: number
  engine: number
  /** From hearing of the job's block to the node's acceptance, with the wait for seed and slot. */
  total: number
}

/** Returns the newest block heard of at `at`. */
function heardBefore(moments: readonly Moment[], at: number): number | undefined {
  return moments.findLast((moment) => moment.type === 'head' && moment.at <= at)?.at
}

/** Returns where the time of one job went; undefined while it is not answered. */
export function timelineOf(moments: readonly Moment[], id: Hash): Timeline | undefined {
  const find = (type: Moment['type']) =>
    moments.find((moment) => moment.type === type && 'id' in moment && moment.id === id)
  const seen = find('seen')
  const computed = find('computed')
  const broadcast = find('broadcast')
  if (seen === undefined || computed?.type !== 'computed' || broadcast === undefined) {
    return undefined
  }
  const heardAt = heardBefore(moments, seen.at) ?? seen.at
  const openedAt = heardBefore(moments, broadcast.at) ?? computed.at
  const before = computed.at - heardAt - computed.engineMs
  const after = broadcast.at - Math.max(computed.at, openedAt)
  const total = broadcast.at - heardAt
  return { id, own: before + after, before, after, engine: computed.engineMs, total }
}

/** Returns the value below which `part` of the values lie. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN
}
