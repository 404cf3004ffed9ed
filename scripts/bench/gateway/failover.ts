import type { BenchOptions, Row } from '../lib/report.ts'
import { load, quantile, type Sample } from './load.ts'
import { type Served, startGateway, startOperator, startUpstream } from './processes.ts'

/** Milliseconds after which a first token counts as late. */
const firstTokenMs = 500
const streams = 30
const killAfterMs = 3_000
const durationMs = 8_000

/** Kills the operator that answers most while streams are under way, and says what its clients saw. */
export async function measureFailover({ log, signal }: BenchOptions): Promise<Row[]> {
  const open: Served[] = []
  try {
    const operators: Served[] = []
    for (const number of [100, 101, 102]) {
      const upstream = await startUpstream(10, 20)
      const operator = await startOperator(upstream, number)
      open.push(upstream, operator)
      operators.push(operator)
    }
    const gateway = await startGateway({
      payer: { exposure: '1000000000', voucherStep: '100000000' },
      operators: operators.map(({ url }) => ({ url })),
      timeouts: { firstTokenMs },
      hedge: false,
      breaker: { failures: 3, halfOpenAfterMs: 60_000 },
    })
    open.push(gateway)
    await load({ target: gateway, streams, durationMs: 1_500, signal })
    log('fail-over: killing one of three')
    const timer = setTimeout(() => operators[0]!.kill(), killAfterMs)
    const samples = await load({ target: gateway, streams, durationMs, signal })
    clearTimeout(timer)
    return rowsOf(samples)
  } finally {
    for (const served of open.toReversed()) await served.close()
  }
}

function rowsOf(samples: Sample[]): Row[] {
  const before = samples.filter(({ startedAt }) => startedAt < killAfterMs - 300)
  const after = samples.filter(({ startedAt }) => startedAt >= killAfterMs)
  const victims = samples.filter(({ attempts }) => attempts > 1)
  const settled = after.filter(({ attempts }) => attempts === 1)
  const usual = quantile(firsts(before), 0.5)
  const row = (name: string, list: Sample[]): Row => ({
    side: name,
    requests: list.length,
    'failed before a byte': list.filter(({ firstMs }) => firstMs === undefined).length,
    'broken off after it': list.filter(({ firstMs, isComplete }) => firstMs && !isComplete).length,
    'first token p50 ms': quantile(firsts(list), 0.5),
    'first token p95 ms': quantile(firsts(list), 0.95),
    'added p50 ms': quantile(firsts(list), 0.5) - usual,
  })
  return [
    row('before', before),
    row('that failed over', victims),
    row('afterwards, to the two that are left', settled),
    row('all', samples),
  ]
}

const firsts = (samples: Sample[]) => samples.flatMap(({ firstMs }) => firstMs ?? [])
