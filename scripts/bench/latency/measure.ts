import { rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

import type { Job } from '@assay/protocol'
import { requestJob } from '@assay/sdk'
import { hashInput } from '@assay/tensor'
import { bytesToHex, type Hash } from 'viem'

import type { BenchOptions, BenchReport, Row } from '../lib/report.ts'
import { blocksOf, type JobBlocks, readAnswers, watchMining } from './blocks.ts'
import { createStage, type RunningOperator, type Stage, startOperator } from './stage.ts'
import { quantile, type Timeline, timelineOf } from './timeline.ts'

/** Median own time from seeing a job to sending its answer that is aimed at, in milliseconds. */
const OWN_GOAL_MS = 150

type Requested = { id: Hash; job: Job; hash: Hash }

/** Measures how long one operator, whose slot is open, takes to answer jobs of the demo model. */
export async function measureLatency({ log, values, signal }: BenchOptions): Promise<BenchReport> {
  const count = Number(values.jobs)
  if (!Number.isInteger(count) || count < 1) throw new RangeError('--jobs is a number from 1')
  const folder = fileURLToPath(new URL(`../../../.assay/latency-${process.pid}`, import.meta.url))
  const stage = await createStage()
  const mining = watchMining(stage)
  let operator: RunningOperator | undefined
  try {
    operator = await startOperator(stage, folder)
    log(`Requesting ${count} jobs, one a block …`)
    const jobs = await requestJobs(stage, count, signal)
    const answers = await waitForAnswers(stage, jobs, signal)
    const blocks = await Promise.all(
      jobs.map(({ id, job, hash }) =>
        blocksOf(stage, { job, requestedIn: hash, answered: answers.get(id)! }),
      ),
    )
    const timelines = jobs.flatMap(({ id }) => timelineOf(operator!.moments, id) ?? [])
    return report(blocks, timelines, lagOf(operator, mining.minedAt))
  } finally {
    await mining.stop()
    await operator?.stop()
    await stage.chain.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

async function requestJobs(stage: Stage, count: number, signal: AbortSignal) {
  const { cast, deployment, model, program, samples } = stage
  const jobs: Requested[] = []
  for (let index = 0; index < count; index++) {
    signal.throwIfAborted()
    const { input } = samples[index % samples.length]!
    const { id, job, hash } = await requestJob(cast.dapp.client, {
      ...{ deployment, model, inputHash: hashInput(program, input), input: bytesToHex(input) },
      ...{ feeMin: 1_000_000n, feeMax: 2_000_000n, ramp: 20, tau: 1, answerWindow: 28 },
    })
    jobs.push({ id, job, hash: hash! })
  }
  return jobs
}

async function waitForAnswers(stage: Stage, jobs: Requested[], signal: AbortSignal) {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(40_000)])
  for (;;) {
    limit.throwIfAborted()
    const answers = await readAnswers(stage)
    if (jobs.every(({ id }) => answers.has(id))) return answers
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
}

/** How long after mining the operator heard of blocks, in milliseconds. */
function lagOf({ moments }: RunningOperator, minedAt: Map<number, number>): number[] {
  return moments.flatMap((moment) => {
    const mined = moment.type === 'head' ? minedAt.get(moment.number) : undefined
    return mined === undefined ? [] : [moment.at - mined]
  })
}

function report(blocks: JobBlocks[], timelines: Timeline[], lag: number[]): BenchReport {
  const late = blocks.map(({ first, answered }) => answered - first)
  const own = timelines.map((timeline) => timeline.own)
  const median = quantile(own, 0.5)
  const times: Row[] = [
    { What: 'hearing of a block after it is mined (polling)', ...spread(lag) },
    { What: 'own time: hearing of the job to stored result', ...spread(pick(timelines, 'before')) },
    { What: 'own time: opened slot to accepted answer', ...spread(pick(timelines, 'after')) },
    { What: 'own time, together', ...spread(own) },
    { What: 'engine', ...spread(pick(timelines, 'engine')) },
    { What: 'hearing of the job to accepted answer', ...spread(pick(timelines, 'total')) },
  ]
  return {
    tables: [
      { title: 'Goals', rows: goalRows(late, median) },
      { title: `Blocks from the first possible one to the answer's`, rows: distribution(late) },
      { title: `Milliseconds, ${timelines.length} jobs`, rows: times },
    ],
    notes: [
      'The chain mines a block each second, whatever is in it; it shares the processors with the operator and this benchmark.',
      "A slot opens when the sortition says so, and never before the block after the seed's: two after the request's.",
      'Own time is without the engine and without waiting for blocks; an accepted answer is one that the node took.',
    ],
  }
}

function goalRows(late: number[], median: number): Row[] {
  const next = late.filter((blocks) => blocks === 0).length
  return [
    {
      Goal: 'answered in the first block of the slot',
      Figure: `${next} of ${late.length}`,
      Result: next === late.length ? 'pass' : 'miss',
    },
    {
      Goal: `median own time under ${OWN_GOAL_MS} ms`,
      Figure: `${median.toFixed(1)} ms`,
      Result: median < OWN_GOAL_MS ? 'pass' : 'miss',
    },
  ]
}

function distribution(late: number[]): Row[] {
  const values = [...new Set(late)].toSorted((a, b) => a - b)
  return values.map((value) => ({
    Blocks: value,
    Jobs: late.filter((blocks) => blocks === value).length,
  }))
}

function pick(timelines: Timeline[], key: Exclude<keyof Timeline, 'id'>): number[] {
  return timelines.map((timeline) => timeline[key])
}

function spread(values: number[]): Row {
  return {
    Median: quantile(values, 0.5),
    '90 %': quantile(values, 0.9),
    Largest: quantile(values, 1),
  }
}
