import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  deriveEncryptionKeys,
  encryptionKeyOf,
  openEnvelope,
  recipientsOf,
} from '@assay/protocol/envelope'
import { hashInput } from '@assay/tensor'
import { randomRun } from '@assay/tensor/examples'
import { deploySuite, dollars, publishProgram, stakeOn } from '@assay/testing'
import { network } from 'hardhat'
import { getAddress, hexToBytes, keccak256, toHex } from 'viem'
import { expect, onTestFinished, test } from 'vitest'

import { InputNotTakenError, NoRecipientError } from '../errors/errors.ts'
import { listOperators } from './listOperators.ts'
import { postInput } from './postInput.ts'
import { registerOperator } from './registerOperator.ts'
import { sealInput } from './sealInput.ts'

const { viem, networkHelpers } = await network.create()
const { program, random } = randomRun(3)
const { rows, rowBytes } = program.operators[0]!
const input = random.bytes(rows * rowBytes)
const inputHash = hashInput(program, input)

async function fixture() {
  const suite = await deploySuite(viem)
  const { model: _, version: model } = await publishProgram(suite, program)
  return { suite, model }
}

type Fixture = Awaited<ReturnType<typeof fixture>>

/** Registers an operator, and gives it active stake. */
type EnlistOptions = { endpoint?: string; isAuditor?: boolean }

async function enlist(
  { suite, model }: Fixture,
  name: 'operator' | 'rival',
  { endpoint = '', isAuditor = false }: EnlistOptions = {},
) {
  const { actors, deployment } = suite
  const keys = await deriveEncryptionKeys(keccak256(toHex(name)))
  const encryptionKey = await encryptionKeyOf(keys)
  await registerOperator(actors[name], { deployment, endpoint, encryptionKey })
  const source = isAuditor ? deployment.audits : deployment.market
  const stake = { model, source, operators: [name], amount: dollars(100) }
  await stakeOn(suite, networkHelpers, stake)
  return { keys, encryptionKey, address: getAddress(actors[name].account.address) }
}

/** An operator's inbox that answers with one status after the other, the last one for good. */
async function host(...statuses: number[]) {
  const bodies: Buffer[] = []
  const paths: string[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    bodies.push(Buffer.concat(chunks))
    paths.push(`${request.method} ${request.url}`)
    response.writeHead(statuses.length > 1 ? statuses.shift()! : statuses[0]!).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return { bodies, paths, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/base` }
}

test('default: operators with active stake are found', async () => {
  const world = await networkHelpers.loadFixture(fixture)
  const { deployment, actors } = world.suite
  const { model } = world
  expect(await listOperators(actors.payer, { deployment, model })).toEqual([])
  const { address, encryptionKey } = await enlist(world, 'operator', {
    endpoint: 'https://operator.example',
  })
  expect(await listOperators(actors.payer, { deployment, model })).toEqual([
    {
      ...{ operator: address, encryptionKey, endpoint: 'https://operator.example' },
      active: expect.any(BigInt),
    },
  ])
  const other = keccak256('0x01')
  expect(await listOperators(actors.payer, { deployment, model: other })).toEqual([])
})

test('behavior: an input is sealed for every operator with a key', async () => {
  const world = await networkHelpers.loadFixture(fixture)
  const { deployment, actors } = world.suite
  const parameters = { deployment, model: world.model, input, inputHash }
  await expect(sealInput(actors.payer, parameters)).rejects.toThrow(NoRecipientError)
  const operators = [await enlist(world, 'operator'), await enlist(world, 'rival')]
  const envelope = hexToBytes(await sealInput(actors.payer, parameters))
  for (const { address, keys } of operators) {
    const opened = { envelope, about: inputHash, recipient: address, keys }
    expect(await openEnvelope(opened)).toEqual(input)
  }
})

test('behavior: an input is sealed for auditors too, once each', async () => {
  const world = await networkHelpers.loadFixture(fixture)
  const { deployment, actors } = world.suite
  const { model } = world
  await enlist(world, 'operator')
  await enlist(world, 'operator', { isAuditor: true })
  const { address, keys } = await enlist(world, 'rival', { isAuditor: true })
  const source = deployment.audits
  const auditors = await listOperators(actors.payer, { deployment, model, source })
  expect(auditors.map(({ operator }) => operator)).toContain(address)
  const envelope = hexToBytes(
    await sealInput(actors.payer, { deployment, model, input, inputHash }),
  )
  expect(recipientsOf(envelope)).toHaveLength(2)
  const opened = { envelope, about: inputHash, recipient: address, keys }
  expect(await openEnvelope(opened)).toEqual(input)
})

test('behavior: an input is posted until the operator has seen the job', async () => {
  const world = await networkHelpers.loadFixture(fixture)
  const { deployment, actors } = world.suite
  const { bodies, paths, url } = await host(404, 503, 204)
  const { address } = await enlist(world, 'operator', { endpoint: url })
  await enlist(world, 'rival')
  const posted = await postInput(actors.payer, { deployment, model: world.model, input, inputHash })
  expect(posted).toContainEqual({ operator: address, failure: undefined })
  expect(posted).toContainEqual(expect.objectContaining({ failure: 'it has no endpoint' }))
  expect(new Set(paths)).toEqual(new Set([`PUT /base/inputs/${inputHash}`]))
  expect(bodies.map((body) => Uint8Array.from(body))).toEqual([input, input, input])
})

test('error: nobody takes the input', async () => {
  const world = await networkHelpers.loadFixture(fixture)
  const { deployment, actors } = world.suite
  const parameters = { deployment, model: world.model, input, inputHash }
  await expect(postInput(actors.payer, parameters)).rejects.toThrow(InputNotTakenError)
  const wrong = await host(400)
  await enlist(world, 'operator', { endpoint: wrong.url })
  await expect(postInput(actors.payer, parameters)).rejects.toThrow('it answered 400')
  expect(wrong.paths.length).toBe(1)
})

test('parameters: timeoutMs and signal end the wait', async () => {
  const world = await networkHelpers.loadFixture(fixture)
  const { deployment, actors } = world.suite
  await enlist(world, 'operator', { endpoint: (await host(404)).url })
  const parameters = { deployment, model: world.model, input, inputHash }
  await expect(postInput(actors.payer, { ...parameters, timeoutMs: 100 })).rejects.toThrow(
    'it answered 404',
  )
  const signal = AbortSignal.timeout(100)
  await expect(postInput(actors.payer, { ...parameters, signal })).rejects.toThrow(/timeout/)
})
