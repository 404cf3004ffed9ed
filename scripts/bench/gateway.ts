import type { Benchmark } from './lib/report.ts'

export const benchmark: Benchmark = {
  name: 'gateway',
  summary: 'what the gateway adds to a stream, what it carries, and how it fails over',
  options: {
    streams: { about: 'streams at a time when latency is measured', default: '200' },
    paid: { about: 'streams at a time when each is paid and proven', default: '50' },
    many: { about: 'streams at a time when memory is measured', default: '1000' },
    seconds: { about: 'seconds for each target in each round', default: '5' },
    rounds: { about: 'rounds, in which every target has its turn', default: '3' },
  },
  async run(options) {
    const { measureGateway } = await import('./gateway/measure.ts')
    return measureGateway(options)
  },
}
