import { type ConvLayer, composeProgram } from '@assay/tensor'
import { createRandom } from '@assay/tensor/examples'
import { createEngine } from '@assay/tensor/fast'

import type { Table } from '../lib/report.ts'
import { bestOf } from './best.ts'
import { productModel } from './onnxModels.ts'
import type { loadOnnxRuntime } from './onnxRuntime.ts'
import { multiply } from './typedArrays.ts'

const shape = { rows: 256, inputs: 1_024, outputs: 256 }
const macs = shape.rows * shape.inputs * shape.outputs

/** Multiply-accumulates a second that the fast engine is to reach, and how much faster it is to be than typed arrays. */
const goal = { gmacs: 35, ratio: 15 }

/** Times one int8 product of 256 × 1024 × 256: the engine's includes widening, requantisation and clamping. */
export async function measureProduct(
  rounds: number,
  createOnnx: Awaited<ReturnType<typeof loadOnnxRuntime>>,
): Promise<Table> {
  const random = createRandom(1)
  const { rows, inputs, outputs } = shape
  const weights = Int8Array.from(random.bytes(outputs * inputs))
  const input = random.bytes(rows * inputs)
  const engine = createEngine(productProgram(weights))
  const onnx = await createOnnx?.(productModel(weights, rows, inputs, outputs), [rows, inputs])
  const contenders = [
    { name: 'fast engine', run: () => engine.answer(input) },
    { name: 'typed arrays', run: () => multiply(input, weights, shape) },
    ...(onnx === undefined ? [] : [{ name: 'onnxruntime-node u8 × i8', run: () => onnx(input) }]),
  ]
  const best = await bestOf(contenders, rounds)
  const rate = (i: number) => macs / best[i]! / 1e6
  return {
    title: 'int8 product 256 × 1024 × 256, one thread',
    rows: contenders.map(({ name }, i) => ({
      what: name,
      'GMAC/s': rate(i),
      'of typed arrays': rate(i) / rate(1),
      goal: i === 0 ? `≥ ${goal.gmacs} GMAC/s and ≥ ${goal.ratio} ×` : '',
      met: i === 0 ? rate(0) >= goal.gmacs && rate(0) / rate(1) >= goal.ratio : '',
    })),
  }
}

/** A product as a program: a convolution of 1 × 1 over a line of 256 places. */
function productProgram(weights: Int8Array) {
  const { rows, inputs, outputs } = shape
  const one = { kernelHeight: 1, kernelWidth: 1, strideHeight: 1, strideWidth: 1 }
  const rest = { dilationHeight: 1, dilationWidth: 1, padTop: 0, padLeft: 0, inputZero: 128 }
  const clamps = { outputZero: 128, clampMin: 0, clampMax: 255 }
  const rowOf = (output: number) => {
    const row = weights.subarray(output * inputs, (output + 1) * inputs)
    return { bias: 1_000 * output, multiplier: 1_500_000_000, shift: -12, weights: row }
  }
  const layer: ConvLayer = {
    kind: 'conv',
    ...{ source: 0, width: rows, channels: inputs, groups: 1, height: 1, outputWidth: rows },
    ...{ ...one, ...rest, ...clamps },
    rows: Array.from({ length: outputs }, (_, output) => rowOf(output)),
  }
  return composeProgram({ input: { rows: 1, rowBytes: rows * inputs }, layers: [layer] })
}
