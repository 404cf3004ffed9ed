import { measureHashes } from './engine/measureHashes.ts'
import { measureNetwork } from './engine/measureNetwork.ts'
import { measureProduct } from './engine/measureProduct.ts'
import { loadOnnxRuntime } from './engine/onnxRuntime.ts'
import type { Benchmark } from './lib/report.ts'

/** Times the fast engine beside typed arrays, ONNX Runtime and other hashes. */
export const benchmark: Benchmark = {
  name: 'engine',
  summary: 'measures int8 products, ResNet-8, and what committing to a trace adds',
  options: {
    rounds: { about: 'turns that every contender has; the best time counts', default: '25' },
  },
  async run({ log, values, signal }) {
    const rounds = Number(values.rounds)
    const createOnnx = await loadOnnxRuntime(log)
    const measurements = [
      () => measureProduct(rounds, createOnnx),
      () => measureNetwork(rounds, createOnnx),
      () => measureHashes(rounds),
    ]
    const tables = []
    for (const measure of measurements) {
      signal.throwIfAborted()
      tables.push(await measure())
      log(`${tables.length} of ${measurements.length} measured`)
    }
    return {
      tables: tables.flat(),
      notes: [
        'Contenders take turns; the best time of each counts, since other work on the machine only adds to it.',
        'An int8 product takes one multiplication of eight int16 pairs and one addition for every 8 multiply-accumulates: 128-bit vectors allow 12 a cycle with three vector ports.',
        "ONNX Runtime uses 512-bit VNNI where the processor has it; its rounding is not the reference's.",
        'The second thread pays where a core is idle; without one, committing costs as much as on one thread.',
        ...(createOnnx === undefined ? ['SKIPPED: onnxruntime-node does not load here.'] : []),
      ],
    }
  },
}
