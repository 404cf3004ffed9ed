import { confirmAudit, findAudits, getJob } from '@assay/sdk'
import type { Hash } from 'viem'
import { beforeAll, expect, test } from 'vitest'

import { buildModel } from '../../packages/tensor/src/import/tflite/testing/buildModel.ts'
import { codes } from '../../packages/tensor/src/import/tflite/testing/specs.ts'
import { accountAt, dollars } from '../faults/support/suite.ts'
import { type CommandLine, openCommandLine, type Printed, type Role } from './commandLine.ts'

const list = { shape: [1, 4], scale: 0.5, zeroPoint: -4 }
const model = buildModel({
  tensors: [list, list],
  operators: [{ code: codes.RELU, inputs: [0], outputs: [1] }],
})

/** Seconds to confirm in, and to refute in: a block is at least one. */
const windows = { challenge: 150, confirm: 60 }

let line: CommandLine
let version: Hash
let folder: string
let input: string

beforeAll(async () => {
  line = await openCommandLine({ windows })
  const { path, suite, tick, write } = line
  folder = path('model')
  await line.assay('model', 'import', write('model.tflite', model), '--out', folder)
  const named = ['--name', 'small', '--print', 'version']
  version = (await line.as('publisher', 'model', 'publish', folder, ...named)).out.trim() as Hash
  input = write('in.json', JSON.stringify([-128, -4, 0, 127]))
  await done('operator', 'stake', 'add', version, '100')
  await done('refuter', 'stake', 'add', version, '100', '--for', 'audits')
  await suite.chain.increaseTime({ seconds: 60 })
  await done('operator', 'stake', 'activate', version)
  await done('refuter', 'stake', 'activate', version, '--for', 'audits')
  await done('payer', 'deposit', '100')
  await done('payer', 'deposit', '10', '--for', 'audits')
  await tick(200)
  return line.close
})

async function done(role: Role, ...args: string[]): Promise<Printed> {
  const played = await line.as(role, ...args, '--json')
  expect(played).toMatchObject({ code: 0, error: '' })
  return played.json()
}

async function request(): Promise<Hash> {
  const asked = ['--model', folder, '--input', input, '--fee', '2', '--challenge-window', '150']
  return (await done('payer', 'job', 'request', version, ...asked)).id
}

function order(jobId: Hash, rate: string, reward = '0.50') {
  return ['audit', 'order', jobId, '--rate', rate, '--reward', reward]
}

async function escrowed(role: Role): Promise<bigint> {
  return BigInt((await done(role, 'balance')).audits)
}

async function untilStands(id: Hash, state: Record<string, unknown>): Promise<Printed> {
  for (;;) {
    const shown = await done('payer', 'audit', 'show', id)
    if (Object.entries(state).every(([key, value]) => shown[key] === value)) return shown
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

/** Confirms as the auditor, as soon as its slot is open. */
async function confirm(jobId: Hash) {
  const { deployment } = line.suite
  const client = line.suite.clientOf(accountAt(13))
  const [audit] = await findAudits(client, { deployment, id: jobId })
  const { answer } = await getJob(client, { deployment, id: jobId })
  for (;;) {
    try {
      return await confirmAudit(client, { deployment, order: audit!.order, answer: answer! })
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
}

test('default: an answer is drawn, confirmed, and its auditor paid', async () => {
  const { addresses, as, suite } = line
  const job = await request()
  const before = await escrowed('payer')
  const ordered = await done('payer', ...order(job, '100%'))
  expect(ordered).toMatchObject({
    ...{ status: 'Ordered', job, version, orderer: addresses.payer },
    ...{ ratePpm: 1_000_000, reward: '500000', liability: '5000000' },
    ...{ auditor: null, isDrawn: null, opensAt: null, confirmUntil: null },
  })
  expect(await done('payer', ...order(job, '1000000ppm'))).toEqual(ordered)
  expect(before - (await escrowed('payer'))).toBe(dollars(0.5))

  const early = await as('refuter', 'audit', 'open', job)
  expect(early.code).toBe(5)
  expect(early.error).toContain(`Job ${job} is Open`)
  await done('operator', 'job', 'answer', job, '--model', folder)
  const opened = await done('refuter', 'audit', 'open', ordered.id)
  expect(opened).toMatchObject({ id: ordered.id, status: 'Opened' })
  await untilStands(job, { isDrawn: true })
  const slot = await done('payer', 'audit', 'show', job, '--auditor', addresses.refuter)
  expect(BigInt(slot.opensAt)).toBeLessThan(BigInt(slot.confirmUntil))
  const awaited = await as('payer', 'audit', 'settle', job)
  expect(awaited.code).toBe(5)
  expect(awaited.error).toContain('ConfirmationAwaited')

  await confirm(job)
  const confirmed = await as('payer', 'audit', 'show', job)
  expect(confirmed.out).toContain(`auditor    ${addresses.refuter}`)
  await suite.chain.increaseTime({ seconds: windows.challenge })
  await done('payer', 'job', 'show', job, '--wait', 'final')
  const settled = await done('operator', 'audit', 'settle', job)
  expect(settled).toMatchObject({ outcome: 'Paid', status: 'Paid', auditor: addresses.refuter })
  expect(await escrowed('refuter')).toBe(dollars(0.5))
})

test('behavior: what is not drawn is settled at once, and comes back', async () => {
  const job = await request()
  const before = await escrowed('payer')
  const args = order(job, '0.0001%', '1.25')
  const id = (await line.as('payer', ...args, '--print', 'id')).out.trim() as Hash
  await done('operator', 'job', 'answer', job, '--model', folder)
  await done('payer', 'audit', 'open', job)
  await untilStands(id, { isDrawn: false })
  const people = await line.as('payer', 'audit', 'show', id)
  expect(people.out).toContain('Opened, not drawn')
  expect(people.out).toContain('0.0001%')
  const settled = await done('refuter', 'audit', 'settle', id)
  expect(settled).toMatchObject({ id, outcome: 'Returned', status: 'Returned', reward: '1250000' })
  expect(await escrowed('payer')).toBe(before)
  const again = await line.as('refuter', 'audit', 'settle', id)
  expect(again.code).toBe(5)
  expect(again.error).toContain('AuditNotPending')
})

test('error: of a job with several audits one has to be named', async () => {
  const job = await request()
  const ids = [
    (await done('payer', ...order(job, '1%'))).id,
    (await done('payer', ...order(job, '2%'))).id,
  ]
  const shown = await line.as('payer', 'audit', 'show', job)
  expect(shown.code).toBe(2)
  for (const id of ids) expect(shown.error).toContain(id)
  expect(await done('payer', 'audit', 'show', ids[1])).toMatchObject({ ratePpm: 20_000 })
})

test('error: too little in escrow, too late, a wrong rate, and what does not exist', async () => {
  const job = await request()
  const poor = await line.as('operator', ...order(job, '25%'))
  expect(poor.code).toBe(5)
  expect(poor.error).toContain('0.00 tUSD in escrow for audits, the reward needs 0.50 tUSD')
  expect(poor.error).toContain('--for audits')
  for (const rate of ['0%', '101%', '25', '0.00001%']) {
    expect((await line.as('payer', ...order(job, rate))).code).toBe(2)
  }
  await done('operator', 'job', 'answer', job, '--model', folder)
  const late = await line.as('payer', ...order(job, '25%'))
  expect(late.code).toBe(5)
  expect(late.error).toContain(`Job ${job} is Answered`)
  const unknown = `0x${'ee'.repeat(32)}` as const
  expect((await line.as('payer', ...order(unknown, '25%'))).code).toBe(2)
  expect((await line.as('payer', 'audit', 'show', job)).code).toBe(2)
  expect((await line.as('payer', 'audit', 'settle', unknown)).code).toBe(2)
})
