import { existsSync, readFileSync } from 'node:fs'
import { createRandom } from '@assay/tensor/examples'
import { expect, onTestFinished, test } from 'vitest'

import { buildModel } from '../../packages/tensor/src/import/tflite/testing/buildModel.ts'
import { codes } from '../../packages/tensor/src/import/tflite/testing/specs.ts'
import { openCommandLine, type Printed, type Role } from './commandLine.ts'

const resnet8 = '../shared/data/models/resnet8-cifar10-int8.tflite'
const isThere = existsSync(resnet8)
if (!isThere) console.warn(`SKIPPED: ResNet-8 on the command line, since ${resnet8} is not there`)

/** A reshape that nothing has to move for, then RELU at zero point −4. */
const small = buildModel({
  tensors: [
    { shape: [1, 1, 2, 3], scale: 0.5, zeroPoint: -4 },
    { shape: [1, 6], scale: 0.5, zeroPoint: -4 },
    { shape: [1, 6], scale: 0.5, zeroPoint: -4 },
  ],
  operators: [
    { code: codes.RESHAPE, inputs: [0], outputs: [1] },
    { code: codes.RELU, inputs: [1], outputs: [2] },
  ],
})

/** The commands of docs/guides/exact-models.md, in their order; every id comes from what a command printed. */
async function play(model: Uint8Array, inputBytes: number) {
  const line = await openCommandLine()
  onTestFinished(line.close)
  const { as, assay, path, suite, tick, write } = line
  const done = async (role: Role, ...args: string[]): Promise<Printed> => {
    const played = await as(role, ...args, '--json')
    expect(played).toMatchObject({ code: 0, error: '' })
    return played.json()
  }
  const folder = path('model')
  const file = write('model.tflite', model)
  expect(await assay('model', 'import', file, '--out', folder)).toMatchObject({ code: 0 })
  const publish = ['model', 'publish', folder, '--name', 'played']
  const { version } = await done('publisher', ...publish)
  expect(await done('publisher', ...publish)).toMatchObject({ version, transactions: [] })

  await done('operator', 'stake', 'add', version, '100')
  await suite.chain.increaseTime({ seconds: 60 })
  expect(await done('operator', 'stake', 'activate', version)).toMatchObject({
    active: '100000000',
  })
  await done('payer', 'deposit', '10')
  await tick(300)

  const input = write('in.bin', createRandom(8).bytes(inputBytes))
  const terms = ['--model', folder, '--input', input, '--fee', '2.50', '--challenge-window', '600']
  const ask = async () => (await done('payer', 'job', 'request', version, ...terms)).id as string
  return { ...line, ask, done, input, model: folder, version }
}

type Scene = Awaited<ReturnType<typeof play>>

async function liesAndLoses(scene: Scene) {
  const { addresses, ask, as, assay, done, input, model, path, suite, version, write } = scene
  const id = await ask()
  await assay('model', 'run', model, '--input', input, '--output', path('right.bin'))
  const right = readFileSync(path('right.bin'))
  const wrong = write('wrong.bin', right.with(1, right[1]! ^ 0x40))
  const about = [id, '--model', model]
  expect(await done('operator', 'job', 'answer', ...about, '--output', wrong)).toMatchObject({
    isRight: false,
  })

  const sent = () => suite.chain.getTransactionCount({ address: addresses.refuter })
  const before = await sent()
  const tried = await done('refuter', 'job', 'refute', ...about, '--dry-run')
  expect(await sent()).toBe(before)
  const refuted = await done('refuter', 'job', 'refute', ...about)
  expect(await sent()).toBe(before + 1)

  const last = JSON.parse((await assay('model', 'inspect', model, '--json')).out).operators.at(-1)
  expect(refuted).toMatchObject({
    verdict: 'wrong',
    status: 'Refuted',
    operator: addresses.operator,
    wrong: {
      operator: { index: last.index, operator: last.operator },
      place: [0, 1],
      claimed: ((right[1]! ^ 0x40) << 24) >> 24,
      right: right.readInt8(1),
    },
  })
  expect(tried.wrong).toEqual(refuted.wrong)

  const { refutation, answer } = await done('payer', 'job', 'show', id)
  expect(refutation).toMatchObject({ refuter: addresses.refuter, slashed: answer.reserved })
  const stake = await done('operator', 'stake', 'show', version)
  expect(BigInt(stake.active)).toBe(100_000_000n - BigInt(refutation.slashed))
  expect(await done('payer', 'balance')).toMatchObject({ fees: '10000000' })
  const { reward } = await done('refuter', 'balance')
  expect(BigInt(reward)).toBe((BigInt(refutation.slashed) * 3n) / 10n)

  const text = await as('payer', 'job', 'show', id)
  expect(text.out).toContain("5.00 tUSD of the operator's stake")
  // Nothing is left to refute.
  expect((await as('refuter', 'job', 'refute', ...about)).code).toBe(5)
}

async function isHonestAndStays({ ask, as, done, model }: Scene) {
  const id = await ask()
  const about = [id, '--model', model]
  expect(await done('operator', 'job', 'answer', ...about)).toMatchObject({ isRight: true })
  const checked = await as('refuter', 'job', 'refute', ...about, '--json')
  expect(checked).toMatchObject({ code: 6, error: '' })
  expect(checked.json()).toMatchObject({ id, verdict: 'right' })
}

test('default: a wrong answer of a small model is refuted by command line alone', async () => {
  const scene = await play(small, 6)
  await liesAndLoses(scene)
  await isHonestAndStays(scene)
})

test.skipIf(!isThere)('default: so is one of ResNet-8', { timeout: 240_000 }, async () => {
  const scene = await play(readFileSync(resnet8), 3_072)
  await liesAndLoses(scene)
  await isHonestAndStays(scene)
})
