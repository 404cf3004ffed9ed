import { randomRun } from '@assay/tensor/examples'
import {
  answerJob,
  deploySuite,
  dollars,
  type Fault,
  faultyTransport,
  publishProgram,
  stakeOn,
} from '@assay/testing'
import { network } from 'hardhat'
import { createClient, webSocket } from 'viem'
import { describe, expect, test } from 'vitest'

import { JobUnansweredError, WaitTimeoutError } from '../errors/errors.ts'
import { deposit } from './deposit.ts'
import { requestJob } from './requestJob.ts'
import { waitForAnswer } from './waitForAnswer.ts'
import { waitForFinality } from './waitForFinality.ts'

const { viem, networkHelpers } = await network.create()
const { program, trace } = randomRun(7)

async function fixture() {
  const suite = await deploySuite(viem)
  const { deployment, actors } = suite
  const { version: model } = await publishProgram(suite, program)
  const operators = ['operator', 'rival'] as const
  await stakeOn(suite, networkHelpers, { model, operators, amount: dollars(100) })
  await deposit(actors.payer, { deployment, amount: dollars(50) })
  const terms = { deployment, model, inputHash: trace.inputHash, feeMax: dollars(3) }
  const { id, job } = await requestJob(actors.payer, terms)
  return { suite, deployment, id, job }
}

async function answered() {
  const state = await networkHelpers.loadFixture(fixture)
  const { suite, job } = state
  const before = await suite.publicClient.getBlockNumber()
  await answerJob(suite, networkHelpers, { job, operator: 'operator', trace })
  return { ...state, before }
}

type State = Awaited<ReturnType<typeof answered>>

function connect({ suite }: State, fault: (method: string, count: number) => Fault | undefined) {
  const transport = faultyTransport({ client: suite.publicClient, fault })
  return createClient({ transport, pollingInterval: 5 })
}

describe('behavior: survives a node that', () => {
  const limits = { timeoutMs: 10_000, attemptTimeoutMs: 300 }

  test.each(['fail', 'hang', 'nothing'] as const)('%ss for a while', async (kind) => {
    const state = await answered()
    const { deployment, id } = state
    const client = connect(state, (_, count) => (count <= 2 ? { kind } : undefined))
    const { answer, status } = await waitForAnswer(client, { deployment, id, ...limits })
    expect(status).toBe('Answered')
    expect(answer.evidenceHash).toBe(trace.evidenceHash)
  })

  test('knows the status before the logs', async () => {
    const state = await answered()
    const { deployment, id } = state
    const client = connect(state, (method, count) =>
      method === 'eth_getLogs' && count <= 3 ? { kind: 'nothing' } : undefined,
    )
    const { answer } = await waitForAnswer(client, { deployment, id, ...limits })
    expect(answer.evidenceHash).toBe(trace.evidenceHash)
  })

  test('lags, and does not take an old block for silence', async () => {
    const state = await answered()
    const { deployment, id, job, before } = state
    await networkHelpers.time.increaseTo(job.deadline + 1n)
    let requests = 0
    const client = connect(state, () => {
      requests += 1
      return requests < 30 && requests % 4 !== 0 ? { kind: 'stale', head: before } : undefined
    })
    const { answer } = await waitForAnswer(client, { deployment, id, ...limits })
    expect(answer.evidenceHash).toBe(trace.evidenceHash)
  })
})

test('error: a node that stays silent costs the wait, and is its cause', async () => {
  const state = await answered()
  const { deployment, id } = state
  const client = connect(state, () => ({ kind: 'hang' }))
  const limits = { timeoutMs: 200, attemptTimeoutMs: 50 }
  const error = await waitForAnswer(client, { deployment, id, ...limits }).catch((reason) => reason)
  expect(error).toBeInstanceOf(WaitTimeoutError)
  expect(error.cause).toBeDefined()
})

test('error: nobody answered by the deadline', async () => {
  const { suite, deployment, id, job } = await networkHelpers.loadFixture(fixture)
  await networkHelpers.time.increaseTo(job.deadline)
  const wait = waitForAnswer(suite.publicClient, { deployment, id, timeoutMs: 2_000 })
  await expect(wait).rejects.toThrow(JobUnansweredError)
})

test('behavior: ends with the reason of the signal', async () => {
  const { suite, deployment, id } = await networkHelpers.loadFixture(fixture)
  const controller = new AbortController()
  const reason = new DOMException('changed my mind', 'AbortError')
  setTimeout(() => controller.abort(reason), 50)
  const { signal } = controller
  const wait = waitForFinality(suite.publicClient, { deployment, id, signal })
  await expect(wait).rejects.toBe(reason)
  await expect(waitForAnswer(suite.publicClient, { deployment, id, signal })).rejects.toBe(reason)
})

test('behavior: waits for a request that is still pending', async () => {
  const { suite, deployment, job } = await networkHelpers.loadFixture(fixture)
  const again = { ...job, salt: trace.evidenceHash }
  const id = await suite.market.read.jobId([again])
  const wait = waitForAnswer(suite.publicClient, { deployment, id, timeoutMs: 5_000 })
  await requestJob(suite.actors.payer, { deployment, job: again })
  await answerJob(suite, networkHelpers, { job: again, operator: 'rival', trace })
  expect((await wait).id).toBe(id)
})

test('behavior: a reorganisation that drops the answer before it is confirmed', async () => {
  const { suite, deployment, id, job } = await networkHelpers.loadFixture(fixture)
  const { publicClient, actors } = suite
  const wait = waitForAnswer(publicClient, {
    deployment,
    id,
    confirmations: 3,
    timeoutMs: 10_000,
    pollingIntervalMs: 5,
  })
  const snapshot = await networkHelpers.takeSnapshot()
  await answerJob(suite, networkHelpers, { job, operator: 'operator', trace })
  await networkHelpers.mine(2)
  expect(await suite.market.read.statusOf([id])).toBe(3)
  await new Promise((resolve) => setTimeout(resolve, 50))

  await snapshot.restore()
  await answerJob(suite, networkHelpers, { job, operator: 'rival', trace })
  await networkHelpers.mine(3)
  const { answer } = await wait
  expect(answer.operator.toLowerCase()).toBe(actors.rival.account.address.toLowerCase())
})

test('behavior: a connection that announces blocks is not polled', async () => {
  const server = await network.createServer({ network: 'default' }, '127.0.0.1', 0)
  const { address, port } = await server.listen()
  const url = `http://${address}:${port}`
  const remote = await network.create({ network: 'localhost', override: { url } })
  const transport = webSocket(url.replace('http', 'ws'))
  const client = createClient({ transport, pollingInterval: 3_600_000 })
  try {
    const suite = await deploySuite(remote.viem)
    const { deployment, actors } = suite
    const { version: model } = await publishProgram(suite, program)
    const stake = { model, operators: ['operator'] as const, amount: dollars(100) }
    await stakeOn(suite, remote.networkHelpers, stake)
    await deposit(actors.payer, { deployment, amount: dollars(50) })
    const terms = { deployment, model, inputHash: trace.inputHash, feeMax: dollars(3) }
    const { id, job } = await requestJob(actors.payer, terms)

    const wait = waitForAnswer(client, { deployment, id, timeoutMs: 20_000 })
    await new Promise((resolve) => setTimeout(resolve, 100))
    await answerJob(suite, remote.networkHelpers, { job, operator: 'operator', trace })
    expect((await wait).answer.evidenceHash).toBe(trace.evidenceHash)
  } finally {
    const socket = await client.transport.getRpcClient()
    socket.close()
    await remote.close()
    await server.close()
  }
})
