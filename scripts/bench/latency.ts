import type { Benchmark } from './lib/report.ts'

export const benchmark: Benchmark = {
  name: 'latency',
  summary:
    'how soon an operator answers once its slot is open, on a chain with a block each second',
  options: { jobs: { about: 'jobs to request, one a block', default: '30' } },
  async run(options) {
    const { default: hre } = await import('hardhat')
    await hre.tasks.getTask('build').run({ quiet: true })
    const { measureLatency } = await import('./latency/measure.ts')
    return measureLatency(options)
  },
}
