import { jobStatuses, operatorStakingAbi, slotOf } from '@assay/protocol'
import { getEscrowBalance, getJob, getJobStatus, type JobRecord } from '@assay/sdk'
import { executeTrace, outputOf } from '@assay/tensor'
import hre from 'hardhat'
import { type Address, bytesToHex, erc20Abi } from 'viem'
import { expect, test } from 'vitest'

import { startOperator, until } from '../faults/support/operator.ts'
import { setUp } from '../faults/support/setUp.ts'
import { accountAt, dollars, type Suite } from '../faults/support/suite.ts'

const account = accountAt(2)
const operator = account.address

async function blockOf({ chain }: Suite, record: JobRecord, name: 'JobRequested' | 'JobAnswered') {
  const { blockNumber } = record.transitions.find((transition) => transition.name === name)!
  return chain.getBlock({ blockNumber })
}

/** Timestamp of the first block in which the operator, alone on its model, could have answered. */
async function earliestAnswer(suite: Suite, record: JobRecord) {
  const { chain } = suite
  const { number, timestamp: requestedAt } = await blockOf(suite, record, 'JobRequested')
  const { hash: seed } = await chain.getBlock({ blockNumber: number + 1n })
  const stake = { weight: dollars(1_000), totalWeight: dollars(1_000) }
  const opensAt = slotOf({ seed, operator, ...stake, tau: record.job.tau, requestedAt })
  for (let blockNumber = number + 2n; ; blockNumber++) {
    const { timestamp } = await chain.getBlock({ blockNumber })
    if (timestamp >= opensAt) return timestamp
  }
}

test('default: an operator answers in the first block of its slot, claims and collects', async () => {
  const { suite, transport, tick } = await setUp()
  const { deployment, program, payer } = suite
  await suite.enlist(account)
  await tick(100)
  const node = startOperator({ suite, account, transport })
  const client = suite.clientOf(account)
  const { id, input } = await suite.request()
  await until('what was earned is collected', () =>
    node.events.some((event) => event.type === 'final' && event.intent.kind === 'collect'),
  )
  await node.stop()

  const record = await getJob(client, { deployment, id })
  const honest = executeTrace(program, input)
  const { output, evidenceHash, fee, protocolFee } = record.answer!
  expect(output).toBe(bytesToHex(outputOf(honest)))
  expect(evidenceHash).toBe(honest.evidenceHash)
  const { timestamp } = await blockOf(suite, record, 'JobAnswered')
  expect(timestamp).toBe(await earliestAnswer(suite, record))
  expect({ fee, protocolFee }).toEqual({ fee: 3_920_000n, protocolFee: 80_000n })
  const balance = await client.readContract({
    ...{ address: deployment.token, abi: erc20Abi },
    functionName: 'balanceOf',
    args: [operator],
  })
  expect(balance).toBe(fee)
  const spender = deployment.market
  const left = await getEscrowBalance(client, { deployment, payer: payer.address, spender })
  expect(left).toBe(dollars(5_000) - dollars(4))
})

test('behavior: stake is activated as soon as its delay is over', async () => {
  const { suite, transport, tick } = await setUp()
  const { deployment, model } = suite
  await suite.enlist(account, { activate: false })
  await tick(50)
  const node = startOperator({ suite, account, transport })
  const { id } = await suite.request()
  const client = suite.clientOf(account)
  await until(
    'an answer',
    async () => (await getJobStatus(client, { deployment, id })) === 'Answered',
  )
  await node.stop()
  const allocation = await client.readContract({
    ...{ address: deployment.staking, abi: operatorStakingAbi },
    functionName: 'allocationOf',
    args: [deployment.market, model, operator],
  })
  expect(allocation).toMatchObject({ active: dollars(1_000), pending: 0n })
})

test('parameters: mode: a sealed answer takes the seat and is revealed in it', async () => {
  const { suite, transport, tick } = await setUp()
  const { deployment } = suite
  await suite.enlist(account)
  await tick(100)
  const node = startOperator({ suite, account, transport, policy: { mode: 'commit' } })
  const { id } = await suite.request()
  const client = suite.clientOf(account)
  await until(
    'an answer',
    async () => (await getJobStatus(client, { deployment, id })) === 'Answered',
  )
  await node.stop()
  const { transitions } = await getJob(client, { deployment, id })
  expect(transitions.map(({ name }) => name)).toEqual([
    'JobRequested',
    'JobCommitted',
    'JobAnswered',
  ])
})

test('behavior: of two operators one answers each job', async () => {
  const { suite, transport, tick } = await setUp()
  const { deployment } = suite
  const other = accountAt(3)
  await suite.enlist(account)
  await suite.enlist(other)
  await tick(150)
  const nodes = [account, other].map((signer) =>
    startOperator({ suite, account: signer, transport, policy: { mode: 'auto' } }),
  )
  const jobs = []
  for (let i = 0; i < 4; i++) jobs.push(await suite.request({ tau: 3 }))
  const client = suite.clientOf(account)
  for (const { id } of jobs) {
    await until('an answer', async () =>
      ['Answered', 'Final'].includes(await getJobStatus(client, { deployment, id })),
    )
  }
  for (const node of nodes) await node.stop()
  const records = await Promise.all(jobs.map(({ id }) => getJob(client, { deployment, id })))
  for (const { transitions } of records) {
    expect(transitions.filter(({ name }) => name === 'JobAnswered')).toHaveLength(1)
  }
})

test('behavior: jobs that are not worth it are declined, with the reason', async () => {
  const { suite, transport, tick } = await setUp()
  const { model } = suite
  await suite.enlist(account)
  await tick(100)
  const policy = { asks: new Map([[model, dollars(3)]]) }
  const node = startOperator({ suite, account, transport, policy })
  const cheap = await suite.request({ feeMax: dollars(3) })
  const garbled = await suite.request({ input: '0x1234' })
  const misfit = await suite.request({ input: bytesToHex(new Uint8Array(66)) })
  // A job as it stands is taken as it is; terms with such a verifier would be refused.
  const job = { ...garbled.job, verifier: account.address }
  const hostile = await suite.request({ job, input: bytesToHex(new Uint8Array(64)) })
  const declined = () => node.events.filter((event) => event.type === 'declined')
  await until('four refusals', () => declined().length === 4)
  await node.stop()
  expect(declined().map(({ id, reason }) => [id, reason])).toEqual([
    [cheap.id, 'it pays 2940000, less than 3000000'],
    [garbled.id, 'its 2 bytes are no input of the model'],
    [misfit.id, expect.stringMatching(/input/)],
    [hostile.id, expect.stringMatching(/^verifier /)],
  ])
})

test('behavior: a contract that asked is handed the final answer, once, if its gas is not too dear', async () => {
  const { suite, transport, tick } = await setUp()
  const { abi } = await hre.artifacts.readArtifact('HostileCallback')
  const [callback, greedy] = [
    await suite.deploy('HostileCallback'),
    await suite.deploy('HostileCallback'),
  ]
  await suite.enlist(account)
  await tick(60)
  const node = startOperator({ suite, account, transport })
  const asked = await suite.request({ callback: greedy, callbackGas: 500_001 })
  const { id } = await suite.request({ callback, callbackGas: 200_000 })
  const closed = (kind: string) => (event: (typeof node.events)[number]) =>
    event.type === 'final' && event.intent.kind === kind
  await until('a delivery', () => node.events.some(closed('deliver')))
  await until(
    'both collected',
    async () =>
      (await getJobStatus(suite.chain, { deployment: suite.deployment, id: asked.id })) === 'Final',
  )
  await node.stop()

  const read = (address: Address, functionName: 'deliveries' | 'outputHash' | 'status') =>
    suite.chain.readContract({ address, abi, functionName })
  expect(await read(callback, 'deliveries')).toBe(1n)
  expect(await read(callback, 'status')).toBe(jobStatuses.indexOf('Final'))
  const { answer } = await getJob(suite.chain, { deployment: suite.deployment, id })
  expect(await read(callback, 'outputHash')).toBe(answer!.claim.outputHash)
  expect(await read(greedy, 'deliveries')).toBe(0n)
})

test('behavior: asked to stop, an operator first reveals what it has sealed', async () => {
  const { suite, transport, tick } = await setUp()
  const { deployment } = suite
  await suite.enlist(account)
  await tick(150)
  const node = startOperator({ suite, account, transport, policy: { mode: 'commit' } })
  const { id } = await suite.request()
  await until('a seat', () =>
    node.events.some((event) => event.type === 'sent' && event.intent.kind === 'commit'),
  )
  await node.stop()
  expect(await getJobStatus(suite.chain, { deployment, id })).toBe('Answered')
})
