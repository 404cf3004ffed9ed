import { type Address, concat, type Hash, hexToBigInt, keccak256, numberToHex, pad } from 'viem'

export type DrawVector = { seed: Hash; operator: Address; draw: string }
export type WaitVector = {
  draw: string
  negLog2: string
  tau: number
  weight: string
  totalWeight: string
  wait: string
}
export type SortitionVectors = { draws: DrawVector[]; waits: WaitVector[] }

type Stakes = { weight: bigint; totalWeight: bigint }

const draws = [
  1n,
  2n,
  3n,
  2n ** 127n,
  2n ** 128n - 1n,
  2n ** 128n,
  2n ** 128n + 1n,
  2n ** 255n - 1n,
  2n ** 255n,
  2n ** 255n + 1n,
  // The mantissa √2, whose square falls just short of a carry.
  0xb504f333f9de6484597d89b3754abe9fn * 2n ** 128n,
  2n ** 256n - 1n,
]
const taus = [1, 3600]
const stakes: Stakes[] = [
  { weight: 1n, totalWeight: 1n },
  { weight: 1n, totalWeight: 2n ** 120n },
  { weight: 2n ** 120n - 1n, totalWeight: 2n ** 120n },
  { weight: 2n ** 120n, totalWeight: 2n ** 120n },
  { weight: 3n, totalWeight: 7n },
  { weight: 500_000_000n, totalWeight: 2_000_000_000n },
]

/** Vectors of sortition: all edges with all edges, then arbitrary values. */
export function sortitionVectors(): SortitionVectors {
  const crossed = draws.flatMap((draw) =>
    taus.flatMap((tau) => stakes.map((stake) => waitVector(draw, tau, stake))),
  )
  const scattered = Array.from({ length: 100 }, (_, index) => arbitraryWait(BigInt(index)))
  return {
    draws: Array.from({ length: 32 }, (_, index) => drawVector(BigInt(index))),
    waits: [...crossed, ...scattered],
  }
}

function arbitrary(index: bigint): bigint {
  return hexToBigInt(keccak256(numberToHex(index, { size: 32 })))
}

function arbitraryWait(index: bigint): WaitVector {
  const [draw, parts] = [arbitrary(2n * index), arbitrary(2n * index + 1n)]
  const totalWeight = 1n + BigInt.asUintN(100, parts)
  const weight = 1n + ((parts >> 128n) % totalWeight)
  const tau = 1 + Number(BigInt.asUintN(32, parts >> 96n) % 3600n)
  return waitVector(draw, tau, { weight, totalWeight })
}

function drawVector(index: bigint): DrawVector {
  const seed = keccak256(numberToHex(index, { size: 32 }))
  const operator = numberToHex(BigInt.asUintN(160, arbitrary(index + 1000n)), { size: 20 })
  const draw = hexToBigInt(keccak256(concat([seed, pad(operator, { size: 32 })])))
  return { seed, operator, draw: String(draw) }
}

/** docs/protocol/sortition.md, word by word: it shares nothing with the protocol package. */
function waitVector(u: bigint, tau: number, { weight, totalWeight }: Stakes): WaitVector {
  const negLog2 = negLog2Of(u)
  const wait = ((BigInt(tau) * negLog2 * 2977044472n * totalWeight) / weight) >> 48n
  return {
    draw: String(u),
    negLog2: String(negLog2),
    tau,
    weight: String(weight),
    totalWeight: String(totalWeight),
    wait: String(wait),
  }
}

function negLog2Of(u: bigint): bigint {
  let n = 0n
  while (2n ** (n + 1n) <= u) n += 1n
  let m = (u * 2n ** (255n - n)) / 2n ** 128n
  let bits = ''
  for (let round = 0; round < 16; round++) {
    m = m ** 2n / 2n ** 127n
    const carries = m >= 2n ** 128n
    if (carries) m /= 2n
    bits += carries ? '1' : '0'
  }
  return 256n * 2n ** 16n - (n * 2n ** 16n + BigInt(`0b${bits}`))
}
