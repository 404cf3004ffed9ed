import fc from 'fast-check'
import { expect, test } from 'vitest'
import { execute } from '../engine/execute.ts'
import { createRandom } from '../examples/createRandom.ts'
import { layerKinds } from '../examples/randomLayer.ts'
import { everyKind, type RandomProgramSize, randomProgram } from '../examples/randomProgram.ts'
import { executeTrace } from '../trace/executeTrace.ts'
import { createEngine } from './createEngine.ts'

/** Random programs of each test; `FUZZ_RUNS` asks for more. */
const numRuns = Math.max(100, Number(process.env.FUZZ_RUNS ?? 0))

function expectSame(seed: number, size: RandomProgramSize) {
  const random = createRandom(seed)
  const program = randomProgram(random, size)
  const { rows, rowBytes } = program.operators[0]!
  const input = random.bytes(rows * rowBytes)
  expect(createEngine(program).execute(input)).toEqual(execute(program, input))
}

test.each(layerKinds)('behavior: %s gives the bytes of the reference', (kind) => {
  const size = { operators: 3, rows: 6, bytes: 70, kinds: [kind, 'move'] as const }
  fc.assert(
    fc.property(fc.nat(), (seed) => expectSame(seed, size)),
    { numRuns },
  )
})

test('behavior: programs of every kind give the bytes of the reference', () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => expectSame(seed, everyKind)),
    { numRuns },
  )
})

test('behavior: commits to what the reference commits to', () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const random = createRandom(seed)
      const program = randomProgram(random, everyKind)
      const { rows, rowBytes } = program.operators[0]!
      const input = random.bytes(rows * rowBytes)
      expect(createEngine(program).commit(input)).toEqual(executeTrace(program, input))
    }),
    { numRuns },
  )
})
