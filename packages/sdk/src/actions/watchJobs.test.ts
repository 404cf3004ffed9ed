import { randomRun } from '@assay/tensor/examples'
import { answerJob, deploySuite, dollars, publishProgram, stakeOn } from '@assay/testing'
import { network } from 'hardhat'
import { keccak256, toHex } from 'viem'
import { expect, test } from 'vitest'

import { deposit } from './deposit.ts'
import { requestJob } from './requestJob.ts'
import { type WatchedTransition, type WatchJobsParameters, watchJobs } from './watchJobs.ts'

const { viem, networkHelpers } = await network.create()
const { program, trace } = randomRun(7)

async function fixture() {
  const suite = await deploySuite(viem)
  const { deployment, actors } = suite
  const { version: model } = await publishProgram(suite, program)
  const operators = ['operator', 'rival'] as const
  await stakeOn(suite, networkHelpers, { model, operators, amount: dollars(100) })
  for (const name of ['payer', 'outsider'] as const) {
    await deposit(actors[name], { deployment, amount: dollars(50) })
  }
  return { suite, deployment, model }
}

type State = Awaited<ReturnType<typeof fixture>>

function request({ suite, deployment, model }: State, name: 'payer' | 'outsider', order = 'a') {
  const salt = keccak256(toHex(order))
  const terms = { deployment, model, inputHash: trace.inputHash, feeMax: dollars(3), salt }
  return requestJob(suite.actors[name], terms)
}

/** Watches until as many events came as are wanted. */
async function take(
  { suite, deployment }: State,
  count: number,
  filter: Partial<WatchJobsParameters>,
) {
  const { signal } = new AbortController()
  const seen: WatchedTransition[] = []
  for await (const entry of watchJobs(suite.publicClient, { deployment, signal, ...filter })) {
    seen.push(entry)
    if (seen.length === count) break
  }
  return seen.map(({ name, isRemoved, args }) => ({ name, isRemoved, id: args.id }))
}

test('default: events of one payer, in order', async () => {
  const state = await networkHelpers.loadFixture(fixture)
  const { suite } = state
  const payer = suite.actors.payer.account.address
  const earlier = await request(state, 'payer', 'earlier')
  const fromBlock = (await suite.publicClient.getBlockNumber()) + 1n
  const watching = take(state, 3, { payer, fromBlock })
  await request(state, 'outsider')
  const { id, job } = await request(state, 'payer')
  await answerJob(suite, networkHelpers, { job, operator: 'operator', trace })
  await answerJob(suite, networkHelpers, { job: earlier.job, operator: 'rival', trace })
  expect(await watching).toEqual([
    { name: 'JobRequested', isRemoved: false, id },
    { name: 'JobAnswered', isRemoved: false, id },
    { name: 'JobAnswered', isRemoved: false, id: earlier.id },
  ])
})

test('parameters: ids', async () => {
  const state = await networkHelpers.loadFixture(fixture)
  const fromBlock = 0n
  const { id } = await request(state, 'payer')
  const { id: other } = await request(state, 'outsider')
  expect(await take(state, 1, { ids: [other], fromBlock })).toEqual([
    { name: 'JobRequested', isRemoved: false, id: other },
  ])
  expect(await take(state, 1, { ids: [id], fromBlock })).toEqual([
    { name: 'JobRequested', isRemoved: false, id },
  ])
})

test('behavior: what a reorganisation undoes is yielded as removed', async () => {
  const state = await networkHelpers.loadFixture(fixture)
  const { suite } = state
  const fromBlock = await suite.publicClient.getBlockNumber()
  const { id, job } = await request(state, 'payer')
  const snapshot = await networkHelpers.takeSnapshot()
  await answerJob(suite, networkHelpers, { job, operator: 'operator', trace })

  const seen: string[] = []
  const { deployment } = state
  for await (const { name, isRemoved } of watchJobs(suite.publicClient, {
    deployment,
    fromBlock,
  })) {
    seen.push(`${isRemoved ? '-' : '+'}${name}`)
    if (seen.length === 2) {
      await snapshot.restore()
      await networkHelpers.mine(4)
    }
    if (seen.length === 3) break
  }
  expect(seen).toEqual(['+JobRequested', '+JobAnswered', '-JobAnswered'])
  expect(await suite.market.read.statusOf([id])).toBe(1)
})

test('behavior: ends when the signal aborts', async () => {
  const { suite, deployment } = await networkHelpers.loadFixture(fixture)
  const signal = AbortSignal.timeout(50)
  for await (const _ of watchJobs(suite.publicClient, { deployment, signal })) expect.unreachable()
  expect(signal.aborted).toBe(true)
})
