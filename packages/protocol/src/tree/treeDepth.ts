import { LeafCountError } from './errors.ts'

/** Returns the levels above the leaves of a tree of `count` leaves: ceil(log2(count)). */
export function treeDepth(count: number): number {
  if (!Number.isSafeInteger(count) || count < 1) throw new LeafCountError(count)
  let depth = 0
  for (let width = 1; width < count; width *= 2) depth += 1
  return depth
}
