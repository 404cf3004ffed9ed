import { loadavg } from 'node:os'

import type { Benchmark } from './lib/report.ts'

/** Times what an operator does to settle receipts, off the chain, beside viem. */
export const benchmark: Benchmark = {
  name: 'settlement',
  summary: 'digests, signatures and batches of receipts, beside viem, and what settling costs',
  options: {
    rounds: { about: 'turns that every contender has; the median counts', default: '7' },
    builds: { about: 'processes that build each batch; the median counts', default: '3' },
    receipts: { about: 'sizes of batches, smallest first', default: '10000,100000,1000000' },
  },
  async run({ log, values, signal }) {
    const { measureCurve } = await import('./settlement/measureCurve.ts')
    const { measureBatches } = await import('./settlement/measureBatches.ts')
    const { measureData } = await import('./settlement/measureData.ts')
    const { readGas } = await import('./settlement/readGas.ts')
    const counts = values.receipts!.split(',').map(Number)
    const before = load()
    const curve = await measureCurve(Number(values.rounds))
    log('Digests and signatures measured')
    signal.throwIfAborted()
    const batches = await measureBatches({ counts, rounds: Number(values.builds), signal })
    log('Batches measured')
    const data = await measureData(counts.slice(0, 2), Number(values.builds))
    return {
      tables: [curve, ...batches, data, readGas()],
      notes: [
        `Load of the machine (1 minute) before ${before}, after ${load()}.`,
        'Rates and goals are by processor time of the whole process, its collector of garbage included: waiting for a core shared with others is not in it, a slower core is.',
        'Every contender is checked against viem, byte for byte, before it is timed.',
        'A batch begins with receipts as objects and hexadecimal text; making them is not timed. Every path can be had from the tree, and writing all of them out as text is stated apart.',
        'Memory holds the ids and the tree; receipts are there 10,000 at a time.',
      ],
    }
  },
}

function load(): string {
  return loadavg()[0]!.toFixed(1)
}
