import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Address, Hash } from 'viem'
import { expect, test } from 'vitest'

import { drawOf } from './drawOf.ts'
import { negLog2 } from './negLog2.ts'
import { waitOf } from './waitOf.ts'

type Vectors = {
  draws: { seed: Hash; operator: Address; draw: string }[]
  waits: {
    draw: string
    negLog2: string
    tau: number
    weight: string
    totalWeight: string
    wait: string
  }[]
}

const path = join(import.meta.dirname, '../../../../test/vectors/sortition.json')
const { draws, waits }: Vectors = JSON.parse(readFileSync(path, 'utf8'))

test('behavior: draws are those of the vectors', () => {
  expect(draws.length).toBeGreaterThan(0)
  for (const { seed, operator, draw } of draws) {
    expect(String(drawOf({ seed, operator }))).toBe(draw)
  }
})

test('behavior: waits are those of the vectors', () => {
  expect(waits.length).toBeGreaterThan(0)
  for (const vector of waits) {
    const [draw, weight, totalWeight] = [
      BigInt(vector.draw),
      BigInt(vector.weight),
      BigInt(vector.totalWeight),
    ]
    const wait = waitOf({ draw, tau: vector.tau, weight, totalWeight })
    expect({ ...vector, negLog2: String(negLog2(draw)), wait: String(wait) }).toEqual(vector)
  }
})
