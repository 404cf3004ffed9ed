import { createRandom } from '@assay/tensor/examples'
import type { Sample } from '@assay/tensor/node'

import { drawDigit } from './drawDigit.ts'

/** Draws labelled digits, each label equally often; a seed and count give the same samples everywhere. */
export function drawSamples(seed: number, count: number): Sample[] {
  const random = createRandom(seed)
  return Array.from({ length: count }, (_, i) => {
    const label = i % 10
    return { label, input: drawDigit(random, label) }
  })
}
