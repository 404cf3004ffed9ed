import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { createRandom } from '@assay/tensor/examples'
import { expect, onTestFinished, test } from 'vitest'

import { buildModel } from '../../packages/tensor/src/import/tflite/testing/buildModel.ts'
import {
  codes,
  fullyConnectedOptions,
} from '../../packages/tensor/src/import/tflite/testing/specs.ts'
import { handOver } from '../../scripts/up/handOver.ts'
import { cli, serveChain } from '../faults/support/processes.ts'
import { runSteps, stepsOf, withoutIds } from './guide.ts'

const guide = readFileSync('docs/guides/exact-models.md', 'utf8')
const model = '../shared/data/models/resnet8-cifar10-int8.tflite'
const isThere = existsSync(model)
if (!isThere) console.warn(`SKIPPED: what the guide's commands print, since ${model} is not there`)

/** A model with the shapes of ResNet-8, for where that is not there. */
function standIn(): Uint8Array {
  const weights = createRandom(3).bytes(30_720)
  return buildModel({
    tensors: [
      { shape: [1, 32, 32, 3], scale: 1, zeroPoint: -128 },
      { shape: [1, 3_072], scale: 1, zeroPoint: -128 },
      { shape: [10, 3_072], data: [...new Int8Array(weights.buffer)], scale: 0.001 },
      { shape: [1, 10], scale: 0.5, zeroPoint: 0 },
    ],
    operators: [
      { code: codes.RESHAPE, inputs: [0], outputs: [1] },
      {
        code: codes.FULLY_CONNECTED,
        inputs: [1, 2, -1],
        outputs: [3],
        options: fullyConnectedOptions(),
      },
    ],
  })
}

/** A folder where the guide's commands find what they name, beside a chain like that of `npm start`. */
async function openFolder() {
  const root = mkdtempSync(join(tmpdir(), 'assay-guide-'))
  const chain = await serveChain()
  onTestFinished(async () => {
    await chain.stop()
    rmSync(root, { recursive: true })
  })
  const cwd = join(root, 'assay')
  const file = join(cwd, model)
  mkdirSync(dirname(file), { recursive: true })
  mkdirSync(cwd)
  writeFileSync(file, isThere ? readFileSync(model) : standIn())
  const { deployment, model: version } = chain.suite
  const place = { folder: '', rpcUrl: chain.url, deployment, weights: [], onDeath() {} }
  const world = { ...place, model: version, modelFolder: resolve('models/digits') }
  await handOver({ world, folder: join(cwd, '.assay/local') })
  await chain.tick(500)
  return { chain, cwd }
}

test('default: the commands of the guide do what it says', { timeout: 240_000 }, async () => {
  const { chain, cwd } = await openFolder()
  const steps = stepsOf(guide)
  const outputs = await runSteps({
    ...{ steps, cwd, cli: resolve(cli) },
    onText(text) {
      // The activation delay would take a minute.
      if (text.includes('waiting until')) void chain.suite.chain.increaseTime({ seconds: 60 })
    },
  })
  expect(outputs, outputs.at(-1)).toHaveLength(steps.length)
  const said = outputs.join('\n')
  expect(said.match(/^ {2}refuted .*$/gm)).toHaveLength(1)
  expect(said).toContain('exit code 6')
  if (!isThere) return
  const expected = steps.map(({ command, output }) => ({ command, output: withoutIds(output) }))
  expect(steps.map(({ command }, i) => ({ command, output: withoutIds(outputs[i]!) }))).toEqual(
    expected,
  )
})
