import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { answerJob, getJob } from '@assay/sdk'
import { encodeTrace, executeTrace, outputOf, type Trace } from '@assay/tensor'
import { corruptElement, createRandom } from '@assay/tensor/examples'
import { loadProgram } from '@assay/tensor/node'
import { bytesToHex, type Hash, zeroAddress } from 'viem'
import { beforeAll, expect, test } from 'vitest'

import { buildModel } from '../../packages/tensor/src/import/tflite/testing/buildModel.ts'
import { conv } from '../../packages/tensor/src/import/tflite/testing/models.ts'
import { codes } from '../../packages/tensor/src/import/tflite/testing/specs.ts'
import { accountAt, dollars } from '../faults/support/suite.ts'
import { type CommandLine, openCommandLine, type Printed, type Role } from './commandLine.ts'

const list = { shape: [1, 6], scale: 0.5, zeroPoint: -4 }
const model = buildModel({
  tensors: [list, list, list],
  operators: [
    { code: codes.RELU, inputs: [0], outputs: [1] },
    { code: codes.RELU, inputs: [1], outputs: [2] },
  ],
})
const elements = [-128, -5, -4, 0, 100, 127]

let line: CommandLine
let version: Hash
let folder: string
let input: string

beforeAll(async () => {
  line = await openCommandLine()
  const { path, suite, tick, write } = line
  folder = path('model')
  await line.assay('model', 'import', write('model.tflite', model), '--out', folder)
  const named = ['--name', 'small', '--print', 'version']
  version = (await line.as('publisher', 'model', 'publish', folder, ...named)).out.trim() as Hash
  input = write('in.json', JSON.stringify(elements))
  await done('operator', 'stake', 'add', version, '100')
  await suite.chain.increaseTime({ seconds: 60 })
  await done('operator', 'stake', 'activate', version)
  await done('payer', 'deposit', '100')
  await tick(200)
  return line.close
})

async function done(role: Role, ...args: string[]): Promise<Printed> {
  const played = await line.as(role, ...args, '--json')
  expect(played).toMatchObject({ code: 0, error: '' })
  return played.json()
}

function terms(...more: string[]) {
  const asked = ['--model', folder, '--input', input, '--fee', '2', '--challenge-window', '600']
  return ['job', 'request', version, ...asked, ...more]
}

async function request(...more: string[]): Promise<Hash> {
  return (await done('payer', ...terms(...more))).id
}

/** Has the operator commit to a trace with one wrong element inside; returns that trace. */
async function answerWrongInside(id: Hash): Promise<Trace> {
  const { deployment } = line.suite
  const client = line.suite.clientOf(accountAt(12))
  const program = await loadProgram({ folder })
  const bytes = Uint8Array.from(elements, (element) => element + 128)
  const honest = executeTrace(program, bytes)
  const random = createRandom(1)
  let wrong = corruptElement(random, program, honest)
  while (wrong.tensor !== 1) wrong = corruptElement(random, program, honest)
  const { job } = await getJob(client, { deployment, id })
  const output = bytesToHex(outputOf(wrong.trace))
  const { evidenceHash } = wrong.trace
  for (;;) {
    try {
      await answerJob(client, { deployment, job, output, evidenceHash })
      return wrong.trace
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
}

function refute(id: Hash, ...more: string[]) {
  return line.as('refuter', 'job', 'refute', id, '--model', folder, ...more, '--json')
}

test('behavior: a trace that nobody shows ends with an exit code of its own', async () => {
  const id = await request()
  const trace = await answerWrongInside(id)
  const withheld = await refute(id)
  expect(withheld.code).toBe(7)
  expect(withheld.json()).toMatchObject({ id, verdict: 'withheld' })

  const other = line.write(
    'other.trace',
    encodeTrace(trace).map((byte) => byte ^ 1),
  )
  expect((await refute(id, '--trace', other)).code).toBe(2)
  const short = line.write('short.trace', new Uint8Array(3))
  expect((await refute(id, '--trace', short)).code).toBe(2)

  const file = line.write('wrong.trace', encodeTrace(trace))
  const refuted = await refute(id, '--trace', file)
  expect(refuted).toMatchObject({ code: 0, error: '' })
  expect(refuted.json()).toMatchObject({
    status: 'Refuted',
    wrong: { tensor: 1, operator: { index: 0, operator: 'RELU' } },
  })
})

test("behavior: the operator's endpoint is asked for its trace", async () => {
  const id = await request()
  const trace = await answerWrongInside(id)
  const server = createServer((_, response) => response.end(encodeTrace(trace)))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const endpoint = `http://127.0.0.1:${port}`
  const { refuter } = line.addresses
  await done('operator', 'stake', 'register', '--endpoint', endpoint)
  expect(await done('operator', 'stake', 'register', '--payout', refuter)).toMatchObject({
    ...{ endpoint, payout: refuter, signer: zeroAddress },
  })
  await done('operator', 'stake', 'register', '--payout', zeroAddress)
  expect((await refute(id)).json()).toMatchObject({ verdict: 'wrong', status: 'Refuted' })
  server.close()
})

test('behavior: an honest answer says what it commits to, and is shown as elements', async () => {
  const id = await request()
  const trace = line.path('honest.trace')
  const about = [id, '--model', folder]
  await done('operator', 'job', 'answer', ...about, '--trace', trace)
  const program = await loadProgram({ folder })
  const bytes = Uint8Array.from(elements, (element) => element + 128)
  expect(new Uint8Array(readFileSync(trace))).toEqual(encodeTrace(executeTrace(program, bytes)))

  const output = line.path('out.bin')
  const shown = await done('payer', 'job', 'show', ...about, '--output', output)
  expect(shown).toMatchObject({ status: 'Answered', elements: [-4, -4, -4, 0, 100, 127] })
  expect([...new Int8Array(readFileSync(output))]).toEqual(shown.elements)
  const again = await line.as('operator', 'job', 'answer', ...about)
  expect(again.code).toBe(5)
  expect(again.error).toContain(`Job ${id} is Answered`)
})

test('behavior: a request that waits returns with the answer', async () => {
  const salt = `0x${'17'.repeat(32)}`
  const waiting = request('--salt', salt, '--wait')
  const found = async () => (await line.as('payer', 'job', 'show', await idOf(salt))).code === 0
  while (!(await found())) await new Promise((resolve) => setTimeout(resolve, 100))
  await done('operator', 'job', 'answer', await idOf(salt), '--model', folder)
  expect(await waiting).toBe(await idOf(salt))
})

/** Asking again under a salt costs nothing and gives the id. */
function idOf(salt: string) {
  return request('--salt', salt)
}

test('behavior: a job that is kept, or has a salt, is paid once', async () => {
  const fees = async () => BigInt((await done('payer', 'balance')).fees)
  const before = await fees()
  const save = line.path('job.json')
  const salt = `0x${'18'.repeat(32)}`
  const ids = [await request('--save', save), await request('--save', save)]
  expect(ids[0]).toBe(ids[1])
  expect(await request('--salt', salt)).toBe(await request('--salt', salt))
  expect(before - (await fees())).toBe(2n * dollars(2))

  const other = line.write('other.json', JSON.stringify(elements.toReversed()))
  for (const kept of [
    ['--save', save],
    ['--salt', salt],
  ]) {
    const asked = ['--model', folder, '--input', other, '--fee', '2', ...kept]
    expect((await line.as('payer', 'job', 'request', version, ...asked)).code).toBe(2)
  }
  writeFileSync(save, readFileSync(save, 'utf8').replace('"feeMax": "', '"feeMax": "x'))
  expect((await line.as('payer', ...terms('--save', save))).code).toBe(2)
})

test('behavior: a sealed input is opened by those it is sealed for, and by nobody else', async () => {
  const unsealed = await line.as('payer', ...terms('--disclose', 'sealed'))
  expect(unsealed.code).toBe(5)
  const key = ['--encryption-key', 'own']
  const record = await done('operator', 'stake', 'register', ...key)
  expect(record.encryptionKey).toMatch(/^0x[0-9a-f]{64}$/)
  const id = await request('--disclose', 'sealed')
  const wrong = line.write('sealed-wrong.json', JSON.stringify([0, 0, 0, 0, 0, 0]))
  const about = [id, '--model', folder]
  await done('operator', 'job', 'answer', ...about, '--output', wrong)
  expect((await refute(id)).error).toContain('sealed for others')
  const own = await line.as('operator', 'job', 'refute', ...about, '--dry-run', '--json')
  expect(own.json()).toMatchObject({ verdict: 'wrong' })
  expect((await refute(id, '--input', input)).json()).toMatchObject({ status: 'Refuted' })
})

test('behavior: a posted input goes to operators, and comes from the one that answered', async () => {
  const bytes = Uint8Array.from(elements, (element) => element + 128)
  const server = createServer((asked, response) => {
    if (asked.method === 'PUT') asked.resume().on('end', () => response.writeHead(204).end())
    else response.end(bytes)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await done('operator', 'stake', 'register', '--endpoint', `http://127.0.0.1:${port}`)
  const id = await request('--disclose', 'posted')
  const about = [id, '--model', folder]
  expect((await line.as('operator', 'job', 'answer', ...about)).code).toBe(2)
  await done('operator', 'job', 'answer', ...about, '--input', input)
  expect((await refute(id)).json()).toMatchObject({ verdict: 'right' })
  server.close()
  server.closeAllConnections()
  expect((await refute(id)).error).toContain('does not show it')
})

test('behavior: what is final is settled and collected, what nobody answers expires', async () => {
  const { as, addresses, suite } = line
  const silent = await request('--answer-window', '20')
  const id = await request('--challenge-window', '20')
  await done('operator', 'job', 'answer', id, '--model', folder)
  const early = await as('refuter', 'job', 'settle', id, silent, '--json')
  expect(early.code).toBe(5)
  expect(early.json().skipped).toMatchObject([{ status: 'Answered' }, { status: 'Open' }])
  expect((await as('refuter', 'job', 'expire', silent)).error).toContain('DeadlineNotReached')

  await suite.chain.increaseTime({ seconds: 30 })
  await done('payer', 'job', 'show', id, '--wait', 'final')
  expect(await done('refuter', 'job', 'settle', id)).toMatchObject({ settled: [id] })
  expect(await done('refuter', 'job', 'settle', id)).toMatchObject({ settled: [] })
  expect(await done('refuter', 'job', 'expire', silent)).toMatchObject({
    ...{ payer: addresses.payer, refund: '2000000' },
  })
  const earned = await done('operator', 'collect', version)
  expect(earned).toMatchObject({ reward: '0', fees: '1960000' })
})

test('behavior: a refuter collects its share', async () => {
  const id = await request()
  const wrong = line.write('wrong.json', JSON.stringify([0, 0, 0, 0, 0, 0]))
  const about = [id, '--model', folder]
  await done('operator', 'job', 'answer', ...about, '--output', wrong)
  const before = await done('refuter', 'balance')
  expect((await refute(id)).code).toBe(0)
  const { reward, fees } = await done('refuter', 'collect')
  expect(BigInt(reward) - BigInt(before.reward)).toBe((dollars(4) * 3n) / 10n)
  expect(fees).toBe('0')
  expect(await done('refuter', 'balance')).toMatchObject({ reward: '0' })
})

test('behavior: weights are stored once, and what is not there is stored again', async () => {
  const dir = line.path('conv')
  await line.assay('model', 'import', line.write('conv.tflite', buildModel(conv())), '--out', dir)
  const publish = ['model', 'publish', dir, '--name', 'conv', '--weights']
  const first = await done('publisher', ...publish)
  expect(first).toMatchObject({ newWeights: 1 })
  const { weights } = first
  expect(await done('publisher', ...publish)).toMatchObject({ weights, newWeights: 0 })
  const file = join(dir, `weights.${line.suite.deployment.chainId}.json`)
  writeFileSync(file, JSON.stringify([line.suite.deployment.market]))
  expect(await done('publisher', ...publish)).toMatchObject({ newWeights: 1 })
})

test('error: an unknown job, an unknown version, and a folder of another program', async () => {
  const unknown = `0x${'ee'.repeat(32)}`
  expect((await line.as('payer', 'job', 'show', unknown)).code).toBe(2)
  expect((await line.as('payer', 'job', 'show', '0x12')).code).toBe(2)
  expect((await line.as('operator', 'stake', 'add', unknown, '1')).code).toBe(2)
  const asked = ['--model', folder, '--input', input, '--fee', '2']
  expect((await line.as('payer', 'job', 'request', unknown, ...asked)).code).toBe(2)

  const other = line.path('other-model')
  const file = line.write(
    'other.tflite',
    buildModel({
      tensors: [list, list],
      operators: [{ code: codes.RELU, inputs: [0], outputs: [1] }],
    }),
  )
  await line.assay('model', 'import', file, '--out', other)
  const mixed = await line.as(
    'payer',
    'job',
    'request',
    version,
    '--model',
    other,
    ...asked.slice(2),
  )
  expect(mixed.code).toBe(2)
  expect(mixed.error).toContain('another program')
})
