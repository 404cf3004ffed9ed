import type { Benchmark } from './lib/report.ts'

export const benchmark: Benchmark = {
  name: 'gas',
  summary: 'gas of every external function, beside goals, minimal contracts and peers',
  async run({ log }) {
    const { default: hre } = await import('hardhat')
    await hre.tasks.getTask('build').run({ quiet: true })
    const { collectGas } = await import('../gas/collect.ts')
    const { reportGas } = await import('../gas/report.ts')
    log('Measuring every external function …')
    return reportGas(await collectGas())
  },
}
