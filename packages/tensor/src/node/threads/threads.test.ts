import { afterAll, expect, test } from 'vitest'

import { InputLengthError } from '../../engine/errors.ts'
import { createRandom } from '../../examples/createRandom.ts'
import { everyKind, randomProgram } from '../../examples/randomProgram.ts'
import { executeTrace } from '../../trace/executeTrace.ts'
import { outputOf } from '../../trace/outputOf.ts'
import { createEnginePool } from './createEnginePool.ts'
import { createThreadedEngine } from './createThreadedEngine.ts'
import { EngineThreadError, HashThreadTimeoutError } from './errors.ts'

function setUp(seed: number) {
  const random = createRandom(seed)
  const program = randomProgram(random, everyKind)
  const { rows, rowBytes } = program.operators[0]!
  const inputs = Array.from({ length: 20 }, () => random.bytes(rows * rowBytes))
  return { program, inputs }
}

const { program, inputs } = setUp(1)
const pool = createEnginePool({ program, threads: 2 })
afterAll(() => pool.close())

test('default', async () => {
  const traces = inputs.map((input) => executeTrace(program, input))
  expect(await pool.answer(inputs)).toEqual(traces.map(outputOf))
  expect(await pool.commit(inputs)).toEqual(traces)
})

test('behavior: an input may be a view of more memory', async () => {
  const [first] = inputs
  const around = new Uint8Array(first!.length + 2)
  around.set(first!, 1)
  const [output] = await pool.answer([around.subarray(1, -1)])
  expect(output).toEqual(outputOf(executeTrace(program, first!)))
})

test('behavior: an aborted batch rejects, and the pool goes on', async () => {
  const controller = new AbortController()
  const batch = pool.commit([...inputs, ...inputs], { signal: controller.signal })
  controller.abort(new RangeError('enough'))
  await expect(batch).rejects.toThrow(RangeError)
  await expect(pool.answer(inputs, { signal: controller.signal })).rejects.toThrow(RangeError)
  expect(await pool.answer(inputs)).toHaveLength(inputs.length)
})

test('error: an input of another length', async () => {
  await expect(pool.answer([new Uint8Array(1_000)])).rejects.toThrow(InputLengthError)
})

test('error: a pool that is closed', async () => {
  const closed = createEnginePool({ program, threads: 1 })
  const batch = closed.commit(inputs)
  const rejected = expect(batch).rejects.toThrow(EngineThreadError)
  await closed.close()
  await rejected
  await expect(closed.answer(inputs)).rejects.toThrow(EngineThreadError)
})

test('behavior: hashes on a second thread what the reference hashes', async () => {
  for (const seed of [2, 3, 4]) {
    const { program, inputs } = setUp(seed)
    const engine = await createThreadedEngine(program)
    for (const input of inputs) expect(engine.commit(input)).toEqual(executeTrace(program, input))
    await engine.close()
  }
})

test('error: a second thread that is gone', async () => {
  const engine = await createThreadedEngine(program, { timeoutMs: 50 })
  await engine.close()
  expect(() => engine.commit(inputs[0]!)).toThrow(HashThreadTimeoutError)
})
