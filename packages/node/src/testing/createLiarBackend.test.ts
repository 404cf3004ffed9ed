import { decodeTrace, executeTrace, findInconsistency } from '@assay/tensor'
import { randomRun } from '@assay/tensor/examples'
import { keccak256, zeroHash } from 'viem'
import { expect, test } from 'vitest'

import { createLiarBackend } from './createLiarBackend.ts'

const signal = new AbortController().signal

test('default: the output is wrong, and one element of the trace is why', async () => {
  let lies = 0
  for (let seed = 1; seed <= 20; seed++) {
    const { program, input, trace } = randomRun(seed)
    const backend = createLiarBackend({ modelVersion: zeroHash, program })
    const execution = await backend.run(input, signal)
    const outputHash = keccak256(execution.output)
    // Some programs map every change of one byte to the same output.
    if (outputHash === trace.outputHash) continue
    lies++
    const committed = decodeTrace({ program, input, bytes: execution.trace })
    expect(committed.evidenceHash).toBe(execution.evidenceHash)
    const found = findInconsistency({ program, trace: committed, outputHash })
    expect(found?.kind).toBe('element')
  }
  expect(lies).toBeGreaterThan(10)
})

test('parameters: isLying', async () => {
  const { program, input } = randomRun(1)
  const backend = createLiarBackend({ modelVersion: zeroHash, program, isLying: () => false })
  const { evidenceHash } = await backend.run(input, signal)
  expect(evidenceHash).toBe(executeTrace(program, input).evidenceHash)
})
