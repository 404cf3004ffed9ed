import { createRandom, type Random } from '@assay/tensor/examples'

/** Accumulator, multiplier, shift, result. */
export type RequantiseVector = [acc: number, multiplier: number, shift: number, result: number]

const edges = [-(2 ** 31), 1 - 2 ** 31, -(2 ** 30), -3, -1, 0, 1, 3, 2 ** 30, 2 ** 31 - 1]
const shifts = [-128, -32, -31, -30, -8, -1, 0, 1, 2, 30, 31, 127]

/** Vectors of requantisation: all edges with all edges, then random values. */
export function requantiseVectors(): RequantiseVector[] {
  const random = createRandom(31)
  const crossed = edges.flatMap((acc) =>
    edges.flatMap((multiplier) =>
      shifts.map((shift): [number, number, number] => [acc, multiplier, shift]),
    ),
  )
  const scattered = Array.from({ length: 800 }, () => randomCase(random))
  return [...crossed, ...scattered].map(([acc, multiplier, shift]) => [
    acc,
    multiplier,
    shift,
    requantise(BigInt(acc), BigInt(multiplier), shift),
  ])
}

function randomCase(random: Random): [number, number, number] {
  const isTypical = random.uniform() < 0.5
  return isTypical
    ? [random.integer(-1e6, 1e6), random.integer(2 ** 30, 2 ** 31 - 1), random.integer(-12, 0)]
    : [random.uint32() | 0, random.uint32() | 0, random.integer(-40, 40)]
}

/** docs/protocol/exact-models.md, word by word, in integers of any width: it shares nothing with the engine. */
function requantise(acc: bigint, multiplier: bigint, shift: number): number {
  const limited = Math.min(Math.max(shift, -31), 30)
  const x = limited > 0 ? BigInt.asIntN(32, acc << BigInt(limited)) : acc
  const p = x * multiplier
  const saturates = p === 2n ** 62n
  const h = saturates ? 2n ** 31n - 1n : (p + (p >= 0n ? 2n ** 30n : 1n - 2n ** 30n)) / 2n ** 31n
  if (limited >= 0) return Number(h)

  const divisor = 2n ** BigInt(-limited)
  const magnitude = ((h < 0n ? -h : h) * 2n + divisor) / (divisor * 2n)
  return Number(h < 0n ? -magnitude : magnitude)
}
