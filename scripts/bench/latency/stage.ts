import { type ChildProcess, fork } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import type { Deployment } from '@assay/protocol'
import { deposit } from '@assay/sdk'
import type { Program } from '@assay/tensor'
import { loadProgram, loadSamples, type Sample } from '@assay/tensor/node'
import type { Hash } from 'viem'

import { activate, type Cast, createCast, enrol, mint, type Player } from '../../up/cast.ts'
import { type Chain, startChain } from '../../up/chain.ts'
import { deploySuite } from '../../up/deploySuite.ts'
import { choosePort } from '../../up/ports.ts'
import { publish } from '../../up/publish.ts'
import type { Moment } from './timeline.ts'

const path = (relative: string) => fileURLToPath(new URL(`../../../${relative}`, import.meta.url))

const modelFolder = path('models/digits')
const dollar = 1_000_000n
/** The activation delay of the local parameters. */
const activationSeconds = 60

export type Stage = {
  cast: Cast
  chain: Chain
  deployment: Deployment
  model: Hash
  program: Program
  samples: Sample[]
}

/** Starts a chain with the suite, the demo model, one staked operator and a dApp with money; then a block each second. */
export async function createStage(): Promise<Stage> {
  const { port } = await choosePort(8545)
  const chain = await startChain(port)
  const deployment = await deploySuite({
    rpcUrl: chain.url,
    chainId: chain.chainId,
    parameters: path('ignition/parameters/local.json5'),
  })
  const cast = createCast(chain.url, chain.chainId)
  const program = await loadProgram({ folder: modelFolder })
  const samples = await loadSamples({ file: join(modelFolder, 'samples.bin'), inputLength: 784 })
  const { version: model } = await publish(cast.publisher, deployment, program, modelFolder)

  const stake = 10_000n * dollar
  await mint(cast.ada, deployment, stake)
  await enrol(cast.ada, { deployment, model, stake, ask: 0n, endpoint: 'http://127.0.0.1' })
  await mint(cast.dapp, deployment, stake)
  await deposit(cast.dapp.client, { deployment, amount: stake })
  await chain.skip(activationSeconds)
  await activate(cast.ada, deployment, model)
  await chain.tick(1)
  return { cast, chain, deployment, model, program, samples }
}

export type RunningOperator = {
  /** Everything it told, in order. */
  moments: readonly Moment[]
  stop: () => Promise<void>
}

/** Starts the operator in a process of its own; resolves once it follows the chain. */
export async function startOperator(stage: Stage, folder: string): Promise<RunningOperator> {
  await mkdir(folder, { recursive: true })
  const config = await writeConfig(stage, stage.cast.ada, folder)
  const child = fork(fileURLToPath(new URL('operator.ts', import.meta.url)), [config], {
    env: { ...process.env, ASSAY_PRIVATE_KEY: stage.cast.ada.key },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const log = createWriteStream(join(folder, 'log.txt'))
  child.stdout?.pipe(log, { end: false })
  child.stderr?.pipe(log, { end: false })
  const moments: Moment[] = []
  const started = new Promise<void>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`The operator ended with ${code}: ${folder}`)))
    child.on('message', (message) => {
      moments.push(message as Moment)
      resolve()
    })
  })
  await started
  return { moments, stop: () => stop(child) }
}

async function writeConfig(stage: Stage, operator: Player, folder: string): Promise<string> {
  const { chain, deployment, model } = stage
  const file = join(folder, 'config.json')
  const config = {
    chain: { rpcUrls: [chain.url], confirmations: 1 },
    deployment,
    dataDir: `data-${operator.name}`,
    models: [{ version: model, folder: modelFolder, ask: '0' }],
    http: { port: 0 },
  }
  await writeFile(file, `${JSON.stringify(config, null, 2)}\n`)
  return file
}

async function stop(child: ChildProcess) {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), 10_000)
  await ended
  clearTimeout(timer)
}
