import type { BenchOptions, BenchReport, Row } from '../lib/report.ts'
import { measureFailover } from './failover.ts'
import { load, quantile, type Sample, type Target } from './load.ts'
import {
  type Served,
  startGateway,
  startOperator,
  startPortkey,
  startUpstream,
  usageOf,
} from './processes.ts'

/** Tokens of an answer, and milliseconds between them: as fast as a person can read twice over. */
const [tokens, intervalMs] = [20, 50]

const provider = (url: string) => ({
  providers: [{ name: 'bench', baseUrl: url, models: [{ name: 'bench-1' }] }],
})
const paying = (urls: string[]) => ({
  payer: { exposure: '1000000000', voucherStep: '100000000' },
  operators: urls.map((url) => ({ url })),
})

type Side = { name: string; target: Target; process: Served | undefined }

/** Measures what the gateway adds, beside Portkey's in the same run. */
export async function measureGateway(options: BenchOptions): Promise<BenchReport> {
  const open: Served[] = []
  const track = async (starting: Promise<Served>) => {
    const started = await starting
    open.push(started)
    return started
  }
  try {
    const upstream = await track(startUpstream(tokens, intervalMs))
    const operator = await track(startOperator(upstream, 100))
    const gateway = await track(startGateway(provider(upstream.url)))
    const payer = await track(startGateway(paying([operator.url])))
    const portkey = await track(startPortkey())
    const headers = {
      'x-portkey-provider': 'openai',
      'x-portkey-custom-host': `${upstream.url}/v1`,
      authorization: 'Bearer bench',
    }
    const sides: Side[] = [
      { name: 'direct', target: upstream, process: undefined },
      { name: 'assay gateway', target: gateway, process: gateway },
      { name: 'portkey gateway', target: { url: portkey.url, headers }, process: portkey },
    ]
    const paid: Side[] = [
      { name: 'direct', target: upstream, process: undefined },
      { name: 'assay gateway, receipts verified', target: payer, process: payer },
    ]
    const latency = await compare(sides, Number(options.values.streams), options)
    const receipts = await compare(paid, Number(options.values.paid), options)
    const many = await carry(sides.slice(1), options)
    const failover = await measureFailover(options)
    return {
      tables: [
        { title: `Streams of ${tokens} tokens, one each ${intervalMs} ms`, rows: latency },
        {
          title: 'The same through an operator that signs, and a gateway that pays',
          rows: receipts,
        },
        { title: `${options.values.many} streams at a time`, rows: many },
        { title: 'One of three operators killed under load', rows: failover },
      ],
      notes,
    }
  } finally {
    for (const served of open.toReversed()) await served.close()
  }
}

async function compare(
  sides: Side[],
  streams: number,
  { values, log, signal }: BenchOptions,
): Promise<Row[]> {
  const samples = new Map<string, Sample[]>(sides.map(({ name }) => [name, []]))
  const warm = { streams: 20, durationMs: 1_000, signal }
  for (const { target } of sides) await load({ target, ...warm })
  for (let round = 0; round < Number(values.rounds) && !signal.aborted; round++) {
    for (const { name, target } of sides) {
      log(`round ${round + 1}: ${name}`)
      const durationMs = Number(values.seconds) * 1_000
      samples.get(name)!.push(...(await load({ target, streams, durationMs, signal })))
    }
  }
  const base = samples.get('direct')
  return sides.map(({ name }) => rowOf(name, samples.get(name)!, base))
}

function rowOf(name: string, samples: Sample[], base: Sample[] | undefined): Row {
  const first = (list: Sample[]) => list.flatMap(({ firstMs }) => firstMs ?? [])
  const transit = (list: Sample[]) => list.flatMap(({ transitMs }) => transitMs)
  const added = (of: (list: Sample[]) => number[], share: number) =>
    quantile(of(samples), share) - (base === undefined ? 0 : quantile(of(base), share))
  return {
    side: name,
    streams: samples.length,
    failed: samples.filter(({ isComplete }) => !isComplete).length,
    'first token p50 ms': quantile(first(samples), 0.5),
    'p99 ms': quantile(first(samples), 0.99),
    'event p50 ms': quantile(transit(samples), 0.5),
    'event p99 ms': quantile(transit(samples), 0.99),
    ...(base !== undefined && {
      'added first p50 ms': added(first, 0.5),
      'added first p99 ms': added(first, 0.99),
      'added event p50 ms': added(transit, 0.5),
      'added event p99 ms': added(transit, 0.99),
    }),
  }
}

/** Holds many streams, and says what a process needs for them. */
async function carry(sides: Side[], { values, log, signal }: BenchOptions): Promise<Row[]> {
  const rows: Row[] = []
  for (const { name, target, process } of sides) {
    if (process === undefined) continue
    log(`${values.many} streams: ${name}`)
    const before = usageOf(process)
    let memoryMb = 0
    const watch = setInterval(() => {
      memoryMb = Math.max(memoryMb, usageOf(process).memoryMb)
    }, 200)
    const durationMs = Number(values.seconds) * 1_000
    const samples = await load({ target, streams: Number(values.many), durationMs, signal })
    clearInterval(watch)
    const cpuSeconds = usageOf(process).cpuSeconds - before.cpuSeconds
    const events = samples.reduce((sum, { transitMs }) => sum + transitMs.length, 0)
    rows.push({
      ...{ side: name, streams: samples.length },
      failed: samples.filter(({ isComplete }) => !isComplete).length,
      'events per core second': Math.round(events / cpuSeconds),
      'streams per core second': Math.round(samples.length / cpuSeconds),
      'memory before MB': Math.round(before.memoryMb),
      'memory at most MB': Math.round(memoryMb),
    })
  }
  return rows
}

const notes = [
  'Upstream, gateways and the client that measures share the machine, so that a wait for a core is in every figure.',
  '"event" is the time from the write of an event by the upstream to its read by the client; "added" is what the figure has over the same figure of the direct side.',
  'In the second table the operator signs and the gateway verifies in JavaScript, each in a process of its own; both are in the figures.',
]
