import { expect, test } from 'vitest'

import { InputLengthError } from '../engine/errors.ts'
import { execute } from '../engine/execute.ts'
import { createRandom } from '../examples/createRandom.ts'
import { randomProgram } from '../examples/randomProgram.ts'
import { composeProgram } from '../program/composeProgram.ts'
import { weightBytes } from '../program/weightBytes.ts'
import { executeTrace } from '../trace/executeTrace.ts'
import { traceLength } from '../trace/traceLength.ts'
import { createEngine } from './createEngine.ts'
import { EngineMemoryError, PlatformUnsupportedError, SelfCheckError } from './errors.ts'
import { instantiateKernels } from './instantiateKernels.ts'
import type { Kernels } from './Kernels.ts'

function setUp(seed = 1) {
  const random = createRandom(seed)
  const program = randomProgram(random)
  const { rows, rowBytes } = program.operators[0]!
  return { random, program, input: random.bytes(rows * rowBytes) }
}

/** Kernels that do not add. */
function inexact(): Kernels {
  const kernels = instantiateKernels()
  return { ...kernels, add: (a, b, length, out) => kernels.lookUp(a, length, b, out) }
}

function misHashing(): Kernels {
  const kernels = instantiateKernels()
  return {
    ...kernels,
    hashRoot: (tag, count, top, out) => kernels.hashRoot(tag + 1, count, top, out),
  }
}

function unsupported(): Kernels {
  throw new PlatformUnsupportedError()
}

test('default', () => {
  const { program, input } = setUp()
  const engine = createEngine(program)
  expect(engine.kind).toBe('fast')
  expect(engine.execute(input)).toEqual(execute(program, input))
  expect(engine.answer(input)).toEqual(execute(program, input).at(-1))
  expect(engine.commit(input)).toEqual(executeTrace(program, input))
})

test('behavior: runs do not change what earlier ones returned', () => {
  const { random, program, input } = setUp()
  const engine = createEngine(program)
  const [tensors, trace] = [engine.execute(input), engine.commit(input)]
  engine.commit(random.bytes(input.length))
  expect(tensors).toEqual(execute(program, input))
  expect(trace).toEqual(executeTrace(program, input))
})

test('behavior: takes at most twice the weights beside the activations', () => {
  const random = createRandom(5)
  const weights = () => Int8Array.from(random.bytes(1_024))
  const rows = Array.from({ length: 1_024 }, () => ({
    bias: 0,
    multiplier: 1,
    shift: 0,
    weights: weights(),
  }))
  const clamps = { outputZero: 128, clampMin: 0, clampMax: 255 }
  const layers = [{ kind: 'dense', source: 0, rows, ...clamps }] as const
  const program = composeProgram({ input: { rows: 1, rowBytes: 1_024 }, layers })
  const model = weightBytes(program).length
  const { memoryBytes } = createEngine(program)
  expect(memoryBytes).toBeLessThan(2.1 * model + 8 * traceLength(program))
})

test('parameters: unsupported', () => {
  const { program, input } = setUp()
  for (const instantiate of [inexact, misHashing, unsupported]) {
    const engine = createEngine(program, { instantiate, unsupported: 'reference' })
    expect(engine.kind).toBe('reference')
    expect(engine.execute(input)).toEqual(execute(program, input))
    expect(engine.answer(input)).toEqual(execute(program, input).at(-1))
    expect(engine.commit(input)).toEqual(executeTrace(program, input))
  }
})

test('error: kernels that are not exact', () => {
  const { program } = setUp()
  const create = (instantiate: () => Kernels) => () => createEngine(program, { instantiate })
  expect(create(inexact)).toThrow(SelfCheckError)
  expect(create(inexact)).toThrow(expect.objectContaining({ subject: 'products' }))
  expect(create(misHashing)).toThrow(expect.objectContaining({ subject: 'hashes' }))
  expect(create(unsupported)).toThrow(PlatformUnsupportedError)
})

test('error: memory that does not grow', () => {
  const { program } = setUp()
  let instances = 0
  const instantiate = (): Kernels => {
    const kernels = instantiateKernels()
    instances += 1
    if (instances === 1) return kernels
    const grow = () => {
      throw new RangeError('no more memory')
    }
    return {
      ...kernels,
      heapBase: () => kernels.memory.buffer.byteLength,
      memory: { buffer: kernels.memory.buffer, grow },
    }
  }
  expect(() => createEngine(program, { instantiate })).toThrow(EngineMemoryError)
})

test('error: an input of another length', () => {
  const { program, input } = setUp()
  const engine = createEngine(program)
  expect(() => engine.answer(input.subarray(1))).toThrow(InputLengthError)
})
