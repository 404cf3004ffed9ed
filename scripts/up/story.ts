import type { Deployment } from '@assay/protocol'
import { claimMany, type WatchedTransition, watchJobs } from '@assay/sdk'
import type { Program } from '@assay/tensor'
import type { Sample } from '@assay/tensor/node'
import { type Address, getAddress, type Hash, hexToBytes } from 'viem'
import { getBlock } from 'viem/actions'

import { renderDigit } from '../lib/renderDigit.ts'
import { dollars } from './balances.ts'
import type { Cast, Name } from './cast.ts'
import type { Display } from './display.ts'
import { argMax, challengeWindow, firstSlot, request, type StoryJob } from './jobs.ts'
import type { Daemon } from './processes.ts'

export type StoryParameters = {
  cast: Cast
  deployment: Deployment
  model: Hash
  program: Program
  samples: readonly Sample[]
  /** The process of the operator that is killed half-way. */
  mort: Daemon
  jobs: number
  display: Display
  signal: AbortSignal
}

export type Outcome = {
  jobs: StoryJob[]
  /** Seconds from the dead operator's slot to another's answer, for each job that was its. */
  takeovers: number[]
  /** Seconds from each wrong answer to its refutation. */
  refutations: number[]
  killedAt: number | undefined
}

const operators = ['ada', 'bert', 'mallory', 'mort'] as const satisfies readonly Name[]
/** Pictures in a row. */
const perRow = 5

/** Plays the story until every digit has a final, paid answer. */
export async function playStory(parameters: StoryParameters): Promise<Outcome> {
  const story = createStory(parameters)
  const controller = new AbortController()
  const signal = AbortSignal.any([parameters.signal, controller.signal])
  const asking = story.ask(signal)
  const { cast, deployment } = parameters
  for await (const transition of watchJobs(cast.dapp.client, {
    deployment,
    fromBlock: BigInt(deployment.startBlock),
    pollingIntervalMs: 200,
    signal,
  })) {
    if (!transition.isRemoved) await story.follow(transition)
    if (story.isOver()) break
  }
  controller.abort()
  await asking
  parameters.signal.throwIfAborted()
  return story.outcome()
}

function createStory(parameters: StoryParameters) {
  const { cast, deployment, samples, mort, display } = parameters
  const jobs: StoryJob[] = []
  /** Jobs whose pictures were not shown yet. */
  const fresh: StoryJob[] = []
  /** Jobs without a good answer that wait to be asked again. */
  const again: StoryJob[] = []
  const takeovers: number[] = []
  const refutations: number[] = []
  const addresses = operators.map((name) => cast[name].address)
  let killedAt: number | undefined

  const nameOf = (address: Address) =>
    Object.values(cast).find((player) => player.address === getAddress(address))?.name ?? address

  /** Enough digits were asked for, and the dead operator's absence was felt. */
  const isAsked = () =>
    digitsAsked() >= parameters.jobs && again.length === 0 && takeovers.length > 0 && isRefuted()
  const digitsAsked = () => jobs.filter(({ repeats }) => repeats === undefined).length
  const isRefuted = () => refutations.length > 0
  const hasEnded = (job: StoryJob) => job.end !== undefined

  async function askOne() {
    const repeated = again.shift()
    const sample = repeated?.sample ?? samples[digitsAsked() % samples.length]!
    const number = jobs.length + 1
    const job = await request(cast.dapp, {
      ...parameters,
      sample,
      number,
      repeats: repeated?.number,
    })
    jobs.push(job)
    if (repeated !== undefined) {
      display.event(`job ${number} asks again for job ${repeated.number}'s digit`)
      return
    }
    fresh.push(job)
    if (fresh.length === perRow) show(fresh.splice(0))
  }

  function show(row: readonly StoryJob[]) {
    display.pictures(
      row.map(({ sample }) => renderDigit(sample.input)),
      row.map(({ number, sample }) => `job ${number}: a ${sample.label}`),
    )
  }

  async function lookAtSlots() {
    for (const job of jobs) {
      if (job.first !== undefined || job.answeredBy !== undefined) continue
      job.first = await firstSlot(cast.dapp, deployment, job.job, addresses)
    }
  }

  /** Half-way, in the middle of a job that is its to answer; a little later in any case. */
  async function maybeKill() {
    if (killedAt !== undefined || digitsAsked() < parameters.jobs / 2) return
    const { timestamp } = await getBlock(cast.dapp.client)
    const isAtWork = jobs.some(
      ({ first, answeredBy }) =>
        answeredBy === undefined &&
        first?.operator === cast.mort.address &&
        first.opensAt > Number(timestamp) + 1,
    )
    if (!isAtWork && digitsAsked() < parameters.jobs * 0.75) return
    killedAt = Number(timestamp)
    await mort.kill()
    display.event('mort is killed, as by a power cut', 'yellow')
  }

  /** Settling is anybody's to do, so what a dead operator earned is not lost. */
  async function settleForMort() {
    if (killedAt === undefined) return
    const { timestamp } = await getBlock(cast.dapp.client)
    const isDue = ({ answeredBy, answeredAt, end }: StoryJob) =>
      end === undefined &&
      answeredBy === cast.mort.address &&
      Number(timestamp) > (answeredAt ?? Number(timestamp)) + challengeWindow
    const ids = jobs.filter(isDue).map(({ id }) => id)
    if (ids.length === 0) return
    const { settled } = await claimMany(cast.dapp.client, { deployment, ids })
    display.event(`the dApp settles for mort, which answered while it lived: ${settled.length}`)
  }

  function answered(job: StoryJob, transition: WatchedTransition & { name: 'JobAnswered' }) {
    const { operator, output } = transition.args
    job.answeredBy = operator
    job.output = output
    job.digit = argMax(hexToBytes(output))
    const isRight = job.digit === job.sample.label
    display.event(
      `job ${job.number} is answered by ${nameOf(operator)}: ${job.digit}`,
      isRight ? undefined : 'magenta',
    )
  }

  async function timed(job: StoryJob, blockNumber: bigint) {
    const { timestamp } = await getBlock(cast.dapp.client, { blockNumber })
    job.answeredAt = Number(timestamp)
    const { first } = job
    if (first?.operator !== cast.mort.address || killedAt === undefined) return
    if (job.answeredBy === cast.mort.address || first.opensAt < killedAt) return
    const seconds = job.answeredAt - first.opensAt
    takeovers.push(seconds)
    display.event(`job ${job.number} was mort's; taken over ${seconds} s after its slot`, 'yellow')
  }

  async function refuted(job: StoryJob, transition: WatchedTransition & { name: 'JobRefuted' }) {
    job.end = 'Refuted'
    const { operator, refuter, slashed, refund } = transition.args
    const { timestamp } = await getBlock(cast.dapp.client, { blockNumber: transition.blockNumber })
    const seconds = Number(timestamp) - (job.answeredAt ?? Number(timestamp))
    refutations.push(seconds)
    again.push(job)
    display.event(
      `job ${job.number}: ${nameOf(refuter)} proves ${nameOf(operator)} wrong after ${seconds} s; ` +
        `${dollars(slashed)} tUSD slashed, ${dollars(refund)} refunded`,
      'red',
    )
  }

  function settled(job: StoryJob) {
    job.end = 'Settled'
    const count = jobs.filter(({ end }) => end === 'Settled').length
    display.event(
      `job ${job.number} is final, and ${nameOf(job.answeredBy!)} is paid (${count} now)`,
    )
  }

  function expired(job: StoryJob) {
    job.end = 'Expired'
    again.push(job)
    display.event(`job ${job.number} expired unanswered; its fee is back`, 'yellow')
  }

  return {
    /** Asks for one digit a second. */
    async ask(signal: AbortSignal) {
      while (!signal.aborted && !this.isOver()) {
        if (!isAsked()) await askOne()
        else await new Promise((resolve) => setTimeout(resolve, 500))
        await lookAtSlots()
        await maybeKill()
        await settleForMort()
      }
    },
    async follow(transition: WatchedTransition) {
      const job = jobs.find(({ id }) => id === transition.args.id)
      if (job === undefined) return
      if (transition.name === 'JobAnswered') {
        answered(job, transition)
        await timed(job, transition.blockNumber)
      }
      if (transition.name === 'JobRefuted') await refuted(job, transition)
      if (transition.name === 'JobSettled') settled(job)
      if (transition.name === 'JobExpired') expired(job)
    },
    isOver: () => isAsked() && jobs.every(hasEnded),
    outcome: (): Outcome => ({ jobs, takeovers, refutations, killedAt }),
  }
}
