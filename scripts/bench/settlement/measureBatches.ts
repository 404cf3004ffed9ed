import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

import type { Row, Table } from '../lib/report.ts'
import type { BuiltBatch } from './batchProcess.ts'
import { medianOf, type Spent } from './timing.ts'

const script = join(import.meta.dirname, 'batchProcess.ts')

const goal = { count: 1_000_000, seconds: 3, growth: 1.2 }

export type MeasureBatchesParameters = { counts: number[]; rounds: number; signal: AbortSignal }

/** Builds batches of several sizes, each in processes of their own, and takes the median of each part. */
export async function measureBatches(parameters: MeasureBatchesParameters): Promise<Table[]> {
  const { counts, rounds, signal } = parameters
  const times: Row[] = []
  const memory: Row[] = []
  let each: number | undefined
  for (const count of counts) {
    const built: BuiltBatch[] = []
    for (let round = 0; round < rounds; round += 1) built.push(await build(count, signal))
    const { row, seconds } = timesOf(count, built)
    const growth = each === undefined ? undefined : seconds / count / each
    each ??= seconds / count
    times.push({
      ...row,
      'a receipt, of the first': growth ?? 1,
      linear: growth === undefined ? '' : growth <= goal.growth,
    })
    memory.push(memoryOf(count, built))
  }
  return [
    { title: 'Building a batch, seconds of processor time (of the clock)', rows: times },
    { title: 'Memory of the process that builds it, MB', rows: memory },
  ]
}

async function build(count: number, signal: AbortSignal): Promise<BuiltBatch> {
  const args = [script, String(count)]
  const { stdout } = await promisify(execFile)(process.execPath, args, { signal })
  return JSON.parse(stdout)
}

function timesOf(count: number, built: readonly BuiltBatch[]): { row: Row; seconds: number } {
  const [hash, tree, paths] = (['hash', 'tree', 'paths'] as const).map((part) =>
    medianOf(built.map((batch) => batch[part])),
  ) as [Spent, Spent, Spent]
  const seconds = hash.cpu + tree.cpu
  const isGoal = count === goal.count
  const row = {
    receipts: count,
    'ids (hash)': both(hash),
    'tree with every path': both(tree),
    together: both({ cpu: seconds, wall: hash.wall + tree.wall }),
    goal: isGoal ? `≤ ${goal.seconds}` : '',
    met: isGoal ? seconds <= goal.seconds : '',
    'writing out every path': both(paths),
  }
  return { row, seconds }
}

function both({ cpu, wall }: Spent): string {
  return `${cpu.toFixed(3)} (${wall.toFixed(3)})`
}

function memoryOf(count: number, built: readonly BuiltBatch[]): Row {
  const peak = Math.max(...built.map(({ peakRss }) => peakRss))
  const before = Math.min(...built.map(({ baseRss }) => baseRss))
  return {
    receipts: count,
    before: before / 1e6,
    'at most': peak / 1e6,
    'bytes a receipt': Math.round((peak - before) / count),
  }
}
