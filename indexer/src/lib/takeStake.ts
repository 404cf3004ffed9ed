/** Amounts of a stake position. */
export type StakeParts = { active: bigint; thawing: bigint; pending: bigint }

/**
 * Splits a slash over a position as `OperatorStaking` does: active stake first, then thawing, then pending.
 *
 * @example
 * takeStake({ active: 5n, thawing: 2n, pending: 9n }, 10n)
 * // { active: 5n, thawing: 2n, pending: 3n }
 */
export function takeStake(position: StakeParts, amount: bigint): StakeParts {
  const active = min(position.active, amount)
  const thawing = min(position.thawing, amount - active)
  const pending = min(position.pending, amount - active - thawing)
  return { active, thawing, pending }
}

function min(a: bigint, b: bigint) {
  return a < b ? a : b
}
