import { expect, test } from 'vitest'

import { deployDemo, deployRows, networkHelpers } from './fixtures.ts'
import { bytesOf, descriptorOf } from './program.ts'

test.each([deployDemo, deployRows])(
  'behavior: %o computes what the specification says',
  async (deploy) => {
    const { verifier, program, tensors, weights } = await networkHelpers.loadFixture(deploy)
    const output = await verifier.read.evaluate([
      program.map(descriptorOf),
      weights,
      bytesOf(tensors[0]!),
    ])
    expect(output).toBe(bytesOf(tensors.at(-1)!))
  },
)
