import { expect, test } from 'vitest'

import { systemClock } from '../support/clock.ts'
import { createShortTeller } from './createShortTeller.ts'

test('behavior: a pledge that stays short is told of every ten minutes', () => {
  const seen: unknown[] = []
  let ms = 0
  const clock = { ...systemClock, elapsed: () => ms }
  const tell = createShortTeller({ clock, observe: (event) => void seen.push(event) })
  for (ms = 0; ms < 1_200_000; ms += 1_000) tell({ free: 1n, wanted: BigInt(ms) })
  expect(seen).toEqual([
    { type: 'pledgeShort', free: 1n, wanted: 0n },
    { type: 'pledgeShort', free: 1n, wanted: 600_000n },
  ])
})
