import { createLiarBackend } from '@assay/node/testing'
import { deriveEncryptionKeys, encryptionKeyOf, sealEnvelope } from '@assay/protocol/envelope'
import { getEscrowBalance, getJobStatus } from '@assay/sdk'
import { bytesToHex, keccak256, toHex } from 'viem'
import { expect, test } from 'vitest'

import { clientFor, startOperator, until } from '../faults/support/operator.ts'
import { setUp } from '../faults/support/setUp.ts'
import { accountAt, dollars } from '../faults/support/suite.ts'
import { startWatcher, withheld } from '../faults/support/watcher.ts'

const [operatorAccount, watcherAccount, strangerAccount] = [
  accountAt(2),
  accountAt(4),
  accountAt(5),
]

async function createKeys(name: string) {
  const keys = await deriveEncryptionKeys(keccak256(toHex(name)))
  return { keys, encryptionKey: await encryptionKeyOf(keys) }
}

type Staged = { isLiar?: boolean; supplies?: boolean }

/** An operator, honest or not, and a watcher's means. */
async function stage({ isLiar = false, supplies = true }: Staged = {}) {
  const { suite, transport, tick } = await setUp()
  const { deployment, model, program } = suite
  const sealing = { operator: await createKeys('operator'), watcher: await createKeys('watcher') }
  await suite.enlist(operatorAccount, { encryptionKey: sealing.operator.encryptionKey })
  await suite.fundWatcher(watcherAccount)
  await suite.enlist(watcherAccount, { encryptionKey: sealing.watcher.encryptionKey })
  await tick(100)
  const backend = isLiar ? createLiarBackend({ modelVersion: model, program }) : undefined
  const encryptionKeys = sealing.operator.keys
  const operator = startOperator({
    ...{ suite, account: operatorAccount, transport, supplies, encryptionKeys },
    ...(backend && { backend }),
  })
  const client = suite.clientOf(watcherAccount)
  const statusOf = (id: `0x${string}`) => getJobStatus(client, { deployment, id })
  return { client, operator, sealing, statusOf, suite, transport }
}

type Stage = Awaited<ReturnType<typeof stage>>

/** Requests a job whose input is not on the chain, and posts it. */
async function requestPosted({ operator, suite }: Stage) {
  const { id, job, input } = await suite.request({ input: '0x' })
  const put = (body: Uint8Array) =>
    operator.app.request(`/inputs/${job.inputHash}`, { method: 'PUT', body: Uint8Array.from(body) })
  await until('the inbox to be open', async () => (await put(new Uint8Array(1))).status === 400)
  expect(operator.events.filter(({ type }) => type === 'computed' || type === 'declined')).toEqual(
    [],
  )
  expect((await put(input)).status).toBe(204)
  return { id, job, input }
}

/** Requests a job whose input only the operator and the watcher can read. */
async function requestSealed({ sealing, suite }: Stage) {
  const { input, inputHash } = suite.draft()
  const envelope = await sealEnvelope({
    content: input,
    about: inputHash,
    recipients: [
      { address: operatorAccount.address, encryptionKey: sealing.operator.encryptionKey },
      { address: watcherAccount.address, encryptionKey: sealing.watcher.encryptionKey },
    ],
  })
  return suite.request({ inputHash, input: bytesToHex(envelope) })
}

function watch({ operator, sealing, suite, transport }: Stage) {
  const operators = clientFor(operator.app)
  const encryptionKeys = sealing.watcher.keys
  return startWatcher({ suite, account: watcherAccount, transport, operators, encryptionKeys })
}

test('behavior: an input that is posted is computed with, shown to watchers, and checked', async () => {
  const staged = await stage()
  const { input, job } = await requestPosted(staged)
  const watcher = watch(staged)
  await until('a verdict', () => watcher.events.some(({ type }) => type === 'right'))
  const shown = await staged.operator.app.request(`/inputs/${job.inputHash}`)
  expect(new Uint8Array(await shown.arrayBuffer())).toEqual(input)
})

test('behavior: a wrong answer about a posted input is refuted', async () => {
  const staged = await stage({ isLiar: true })
  const { id } = await requestPosted(staged)
  watch(staged)
  await until('the refutation', async () => (await staged.statusOf(id)) === 'Refuted')
})

test('behavior: an input that the operator does not show is demanded, row by row', async () => {
  const staged = await stage({ isLiar: true })
  const { suite, transport, client } = staged
  const { deployment, program } = suite
  const { id } = await requestPosted(staged)
  const watcher = startWatcher({
    ...{ suite, account: watcherAccount, transport, operators: withheld, budget: 50 },
  })
  await until('the refutation', async () => (await staged.statusOf(id)) === 'Refuted', 40_000)
  await watcher.stop()
  const inputDemands = watcher.events.filter(
    (event) => event.type === 'planned' && event.intent.key.includes(':demand:1:0:'),
  )
  expect(inputDemands.length).toBe(1 + program.operators[0]!.rows)
  const bonds = { payer: watcherAccount.address, spender: deployment.tensorVerifier }
  const left = await getEscrowBalance(client, { deployment, ...bonds })
  expect(left).toBeLessThanOrEqual(dollars(100) - BigInt(inputDemands.length) * dollars(2))
})

test('behavior: an operator that keeps an input back loses when its clock runs out', async () => {
  const staged = await stage({ supplies: false })
  const { suite, transport } = staged
  const { id } = await requestPosted(staged)
  startWatcher({ suite, account: watcherAccount, transport, operators: withheld, budget: 50 })
  await until('the refutation', async () => (await staged.statusOf(id)) === 'Refuted', 40_000)
})

test('behavior: no input is demanded beyond the budget', async () => {
  const staged = await stage()
  const { suite, transport } = staged
  await requestPosted(staged)
  const watcher = startWatcher({
    ...{ suite, account: watcherAccount, transport, operators: withheld, budget: 2 },
  })
  await until('giving up', () => watcher.events.some(({ type }) => type === 'uncheckable'), 40_000)
  expect(watcher.events.filter((event) => 'intent' in event)).toEqual([])
})

test('behavior: a sealed input is computed with and checked by those it is sealed for, and nobody else', async () => {
  const staged = await stage()
  const { operator, suite, transport } = staged
  const { id, job } = await requestSealed(staged)
  const insider = watch(staged)
  const outsider = startWatcher({
    ...{ suite, account: strangerAccount, transport, operators: clientFor(operator.app) },
    encryptionKeys: (await createKeys('stranger')).keys,
  })
  await until('a verdict', () => insider.events.some(({ type }) => type === 'right'))
  const isGivenUp = () => outsider.events.some(({ type }) => type === 'uncheckable')
  await until('the outsider to give up', isGivenUp)
  expect(outsider.events.find(({ type }) => type === 'uncheckable')).toMatchObject({
    reason: 'its input is sealed for others',
  })
  expect((await operator.app.request(`/inputs/${job.inputHash}`)).status).toBe(404)
  expect(await staged.statusOf(id)).toMatch(/Answered|Final/)
})

test('behavior: a wrong answer about a sealed input is refuted by one it is sealed for', async () => {
  const staged = await stage({ isLiar: true })
  const { id } = await requestSealed(staged)
  const watcher = watch(staged)
  await until('the refutation', async () => (await staged.statusOf(id)) === 'Refuted')
  const planned = watcher.events.flatMap((event) =>
    event.type === 'planned' ? [event.intent.kind] : [],
  )
  expect(planned).not.toContain('demand')
})
