import fc from 'fast-check'
import { expect, test } from 'vitest'

import { bumpFees, suggestFees } from './fees.ts'

const limits = { maxFeePerGas: 1_000n, minPriorityFeePerGas: 2n }

test('default: doubles the base fee and adds the tip', () => {
  const fees = suggestFees({ baseFeePerGas: 100n, suggestedTip: 5n, limits })
  expect(fees).toEqual({ maxFeePerGas: 205n, maxPriorityFeePerGas: 5n })
})

test('parameters: limits', () => {
  const fees = suggestFees({ baseFeePerGas: 900n, suggestedTip: 0n, limits })
  expect(fees).toEqual({ maxFeePerGas: 1_000n, maxPriorityFeePerGas: 2n })
})

test('behavior: a replacement offers an eighth more of both, or nothing', () => {
  const fee = fc.bigInt({ min: 1n, max: 2_000n })
  fc.assert(
    fc.property(fee, fee, fee, fee, (maxFeePerGas, tip, suggestedFee, suggestedTip) => {
      const previous = {
        maxFeePerGas,
        maxPriorityFeePerGas: tip < maxFeePerGas ? tip : maxFeePerGas,
      }
      const suggested = { maxFeePerGas: suggestedFee, maxPriorityFeePerGas: suggestedTip }
      const bumped = bumpFees({ previous, suggested, limits })
      if (bumped === undefined) return maxFeePerGas * 9n > 8_000n - 8n || suggestedFee > 1_000n
      return (
        bumped.maxFeePerGas * 8n >= maxFeePerGas * 9n &&
        bumped.maxPriorityFeePerGas * 8n >= previous.maxPriorityFeePerGas * 9n &&
        bumped.maxPriorityFeePerGas <= bumped.maxFeePerGas &&
        bumped.maxFeePerGas <= limits.maxFeePerGas
      )
    }),
  )
})
