import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

import { createRandom } from '../../examples/createRandom.ts'
import { openOnnx } from './openOnnx.ts'
import { boostTrees } from './testing/boostTrees.ts'
import { numbers } from './testing/buildModel.ts'
import { parseCandles } from './testing/parseCandles.ts'
import { quantiseModel } from './testing/quantiseModel.ts'
import { runProgram, runRuntime } from './testing/runOnnx.ts'
import { buildTrees } from './testing/treeModels.ts'

const shared = process.env.ASSAY_SHARED ?? join(import.meta.dirname, '../../../../../../shared')
const models = join(shared, 'data/models')
const candles = join(shared, 'data/inputs/ethusdt-1h-candles.csv')

/** Says loudly that a file is not here. */
function isMissing(file: string) {
  const missing = !existsSync(file)
  if (missing) console.warn(`SKIPPED: ${file} is missing, so what needs it is not tested`)
  return missing
}

/** Lengths and widths of sepals and petals, in centimetres, as flowers have them. */
function flower(seed: number): Float32Array {
  const [a = 0, b = 0, c = 0, d = 0] = numbers([4], seed)
  return Float32Array.of(6.1 + 1.8 * a, 3.2 + 1.2 * b, 3.9 + 2.9 * c, 1.3 + 1.2 * d)
}

/** A picture of noise. */
function picture(seed: number): Float32Array {
  const { uniform } = createRandom(seed)
  return Float32Array.from({ length: 3 * 32 * 32 }, () => 2 * uniform() - 1)
}

test.skipIf(isMissing(models)).each([
  ['iris-mlp-f32.onnx', flower, 0.02],
  ['mlp-iris-f32.onnx', flower, 0.02],
  ['cnn-cifar-f32.onnx', picture, 0.15],
] as const)(
  'behavior: %s agrees with onnxruntime on inputs it was not calibrated on',
  async (name, make, error) => {
    const bytes = new Uint8Array(readFileSync(join(models, name)))
    const samples = Array.from({ length: 60 }, (_, i) => make(i))
    const model = openOnnx(bytes).toProgram(samples)
    const inputs = Array.from({ length: 40 }, (_, i) => make(1_000 + i))
    const own = runProgram(model, inputs)
    const theirs = await runRuntime(bytes, model, inputs)
    const greatest = (list: readonly number[]) => list.indexOf(Math.max(...list))
    const agreeing = theirs.filter((list, i) => greatest(list) === greatest(own[i]!))
    expect(agreeing.length).toBeGreaterThanOrEqual(38)
    const differences = theirs.flatMap((list, i) => list.map((x, k) => Math.abs(x - own[i]![k]!)))
    expect(Math.max(...differences)).toBeLessThan(error)
  },
)

test.skipIf(isMissing(models)).each([
  ['mlp-iris-f32.onnx', flower],
  ['cnn-cifar-f32.onnx', picture],
] as const)(
  'behavior: %s, quantised with QDQ, has the integers of onnxruntime but for what is said',
  async (name, make) => {
    const samples = Array.from({ length: 40 }, (_, i) => make(i))
    const bytes = quantiseModel(new Uint8Array(readFileSync(join(models, name))), samples)
    const model = openOnnx(bytes).toProgram()
    const inputs = Array.from({ length: 100 }, (_, i) => make(1_000 + i))
    const own = runProgram(model, inputs).flat()
    const theirs = (await runRuntime(bytes, model, inputs)).flat()
    const { scale } = model.output
    const steps = own.map((x, i) => Math.round(Math.abs(x - theirs[i]!) / scale))
    const differing = steps.filter((step) => step > 0).length
    expect(model.parameters.layers.every(({ kind }) => kind !== 'lookup')).toBe(true)
    expect(Math.max(...steps)).toBeLessThanOrEqual(1)
    expect(differing).toBeLessThanOrEqual(own.length / 100)
  },
)

test.skipIf(isMissing(candles))(
  'behavior: trees on market data have the scores of onnxruntime',
  async () => {
    const { rows, targets } = parseCandles(readFileSync(candles, 'utf8'))
    const known = 3_000
    const trees = boostTrees({
      ...{ rows: rows.slice(0, known), targets: targets.slice(0, known) },
      ...{ trees: 30, depth: 4 },
    })
    const bytes = buildTrees({ features: 8, outputs: 1, trees, base: [Math.fround(1e-4)] })
    const model = openOnnx(bytes).toProgram()
    const inputs = rows.slice(known)
    const own = runProgram(model, inputs)
    const theirs = await runRuntime(bytes, model, inputs)
    expect(new Set(theirs.flat()).size).toBeGreaterThan(200)
    for (const [i, [score = 0]] of theirs.entries()) {
      // Returns are of the order of a percent; onnxruntime adds in float32.
      expect(Math.abs(own[i]![0]! - score)).toBeLessThan(1e-8)
    }
  },
)
