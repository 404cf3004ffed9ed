import { execute, type Program, traceLength, weightBytes } from '@assay/tensor'
import { createRandom } from '@assay/tensor/examples'
import { createEngine } from '@assay/tensor/fast'
import { createEnginePool, createThreadedEngine } from '@assay/tensor/node'

import type { Table } from '../lib/report.ts'
import { bestOf, type Contender } from './best.ts'
import { networkModel } from './onnxModels.ts'
import type { loadOnnxRuntime } from './onnxRuntime.ts'
import { resnet8, resnet8Input, resnet8Macs } from './resnet8.ts'
import { executeTyped } from './typedArrays.ts'

/** Greatest part of an inference that commitment may add, and memory the engine may take, in models. */
const goal = { added: 0.25, models: 4 }

/** Inputs of a batch. */
const batchLength = 64

/** Times ResNet-8, what commitment adds to it, and batches of it; measures what the engine holds. */
export async function measureNetwork(
  rounds: number,
  createOnnx: Awaited<ReturnType<typeof loadOnnxRuntime>>,
): Promise<Table[]> {
  const program = resnet8()
  const input = createRandom(2).bytes(resnet8Input)
  const engine = createEngine(program)
  const threaded = await createThreadedEngine(program)
  const pool = createEnginePool({ program })
  const batch = Array.from({ length: batchLength }, () => input)
  await pool.answer(batch)
  const onnx = await createOnnx?.(networkModel(program), [1, 32, 32, 3])
  const contenders: Contender[] = [
    { name: 'inference', run: () => engine.answer(input) },
    { name: 'and commitment, one thread', run: () => engine.commit(input) },
    { name: 'and commitment, hashed on a second thread', run: () => threaded.commit(input) },
    { name: 'typed arrays', run: () => executeTyped(program, input) },
    { name: 'reference', run: () => execute(program, input) },
    { name: `batch of ${batchLength}`, run: () => pool.answer(batch) },
    ...(onnx === undefined ? [] : [{ name: 'onnxruntime-node u8 × i8', run: () => onnx(input) }]),
  ]
  const best = await bestOf(contenders, rounds)
  await Promise.all([threaded.close(), pool.close()])
  const times = new Map(contenders.map(({ name }, i) => [name, best[i]!]))
  return [
    compareEngines(times, pool.threads),
    compareCommitments(times),
    describeMemory(program, engine.memoryBytes),
  ]
}

function compareEngines(times: Map<string, number>, threads: number): Table {
  const fast = times.get('inference')!
  const perInput = times.get(`batch of ${batchLength}`)! / batchLength
  const row = (what: string, ms: number) => ({
    what,
    ms,
    'GMAC/s': resnet8Macs / ms / 1e6,
    'of the fast engine': ms / fast,
  })
  const others = ['typed arrays', 'reference', 'onnxruntime-node u8 × i8'].filter((name) =>
    times.has(name),
  )
  return {
    title: 'ResNet-8 (CIFAR-10, 12.5 M multiply-accumulates), one inference, one thread',
    rows: [
      row('fast engine', fast),
      row(`fast engine, batch of ${batchLength} on ${threads} threads, each`, perInput),
      ...others.map((name) => row(name, times.get(name)!)),
    ],
  }
}

function compareCommitments(times: Map<string, number>): Table {
  const alone = times.get('inference')!
  const names = ['and commitment, one thread', 'and commitment, hashed on a second thread']
  return {
    title: 'ResNet-8: what commitment adds to an inference',
    rows: names.map((what) => {
      const added = times.get(what)! / alone - 1
      const percent = `${(100 * added).toFixed(1)} %`
      return {
        what,
        ms: times.get(what)!,
        added: percent,
        goal: '≤ 25 %',
        met: added <= goal.added,
      }
    }),
  }
}

function describeMemory(program: Program, engine: number): Table {
  const model = weightBytes(program).length
  const activations = traceLength(program)
  const decoded = program.weights.reduce((sum, weights) => sum + (weights?.values.length ?? 0), 0)
  const whole = model + decoded + engine
  const models = (whole - activations) / model
  return {
    title: 'ResNet-8: memory in bytes',
    rows: [
      {
        model,
        activations,
        engine,
        'engine and program': whole,
        'in models, beside activations': models,
        goal: '≤ 4',
        met: models <= goal.models,
      },
    ],
  }
}
