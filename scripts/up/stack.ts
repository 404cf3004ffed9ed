import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import type { Deployment } from '@assay/protocol'
import { deposit } from '@assay/sdk'
import type { Program } from '@assay/tensor'
import { loadProgram, loadSamples, type Sample } from '@assay/tensor/node'
import type { Hash } from 'viem'

import { type Indexer, startIndexer } from '../../indexer/run.ts'
import { type Snapshot, snapshot } from './balances.ts'
import { activate, type Cast, createCast, enrol, mint, type Name } from './cast.ts'
import { startChain } from './chain.ts'
import { compile } from './compile.ts'
import {
  choosePorts,
  startOperator,
  startWatcher,
  type World,
  waitUntilHealthy,
} from './daemons.ts'
import { deploySuite } from './deploySuite.ts'
import type { Display } from './display.ts'
import type { UpOptions } from './options.ts'
import { choosePort } from './ports.ts'
import type { Daemon } from './processes.ts'
import { publish } from './publish.ts'
import type { Shutdown } from './shutdown.ts'

export type Stack = {
  cast: Cast
  deployment: Deployment
  model: Hash
  program: Program
  samples: Sample[]
  indexer: Indexer
  /** The operator that the story kills. */
  mort: Daemon
  /** What everybody had before the story. */
  before: Snapshot
  world: World
  urls: Record<string, string>
}

export type CreateStackParameters = {
  options: UpOptions
  display: Display
  shutdown: Shutdown
  folder: string
}

/** Those whose balances the story shows. */
export const shown = ['dapp', 'ada', 'bert', 'mallory', 'mort', 'wanda'] as const satisfies Name[]
const operators = ['ada', 'bert', 'mallory', 'mort'] as const satisfies Name[]

const path = (relative: string) => fileURLToPath(new URL(`../../${relative}`, import.meta.url))
const modelFolder = path('models/digits')
const parametersFile = path('ignition/parameters/local.json5')

const dollar = 1_000_000n
const stake = 100n * dollar
const budget = 500n * dollar
const bonds = 20n * dollar
const ask = dollar / 2n
/** The activation delay of the local parameters. */
const activationSeconds = 60

/** Starts everything: chain, contracts, indexer, model, operators, watcher, and a dApp with money. */
export async function createStack(parameters: CreateStackParameters): Promise<Stack> {
  const { options, display, shutdown, folder } = parameters
  display.chapter('A chain, the contracts, an indexer')
  display.event('compiling the contracts, about a minute the first time')
  await compile(shutdown.signal)
  const port = await choose(display, 'chain', options.rpcPort)
  const chain = await startChain(port)
  shutdown.add('the chain', chain.stop)
  display.event(`chain ${chain.chainId} listens at ${chain.url}`)
  const deployment = await deploySuite({
    rpcUrl: chain.url,
    chainId: chain.chainId,
    parameters: parametersFile,
  })
  display.event(`Ignition deployed the suite: market ${deployment.market}`)
  const indexer = await index(parameters, deployment, chain.url)

  display.chapter('A model, its operators, a watcher, a dApp')
  const cast = createCast(chain.url, chain.chainId)
  const program = await loadProgram({ folder: modelFolder })
  const samples = await loadSamples({ file: join(modelFolder, 'samples.bin'), inputLength: 784 })
  const { version: model, weights } = await publish(
    cast.publisher,
    deployment,
    program,
    modelFolder,
  )
  display.event(`model published: ${model}`)
  const ports = await fund({ cast, deployment, model })
  await chain.skip(activationSeconds)
  for (const name of operators) await activate(cast[name], deployment, model)
  display.event(
    `${operators.join(', ')} staked ${stake / dollar} tUSD each; the clock was put ${activationSeconds} s forward`,
  )
  const before = await snapshot(cast, shown, deployment, model)
  await chain.tick(1)

  const onDeath = (name: string, log: string) => {
    // The terminal's Ctrl-C reaches every process at once.
    if (!shutdown.signal.aborted) display.event(`${name} ended unexpectedly; see ${log}`, 'red')
  }
  const world: World = {
    ...{ folder, rpcUrl: chain.url, deployment, model, modelFolder, weights, onDeath },
  }
  const daemons = await startDaemons(world, cast, ports, shutdown)
  display.event('four operators and a watcher run, each in a process of its own')
  return {
    ...{ cast, deployment, model, program, samples, indexer, before, world },
    mort: daemons.mort,
    urls: { RPC: chain.url, GraphQL: `${indexer.url}/graphql`, GraphiQL: `${indexer.url}/graphql` },
  }
}

async function choose(display: Display, what: string, wanted: number): Promise<number> {
  const { port, busy } = await choosePort(wanted)
  if (busy !== undefined) display.event(`port ${busy} is busy; the ${what} takes ${port}`, 'yellow')
  return port
}

async function index(
  { options, display, shutdown, folder }: CreateStackParameters,
  deployment: Deployment,
  rpcUrl: string,
): Promise<Indexer> {
  const port = await choose(display, 'indexer', options.graphqlPort)
  const log = join(folder, 'indexer.txt')
  const indexer = await startIndexer({ deployment, rpcUrl, port, log, signal: shutdown.signal })
  shutdown.add('the indexer', indexer.stop)
  display.event(`the indexer serves ${indexer.url}/graphql`)
  return indexer
}

type FundParameters = { cast: Cast; deployment: Deployment; model: Hash }

/** Gives everybody test dollars and puts them where they belong; returns the operators' ports. */
async function fund({ cast, deployment, model }: FundParameters): Promise<number[]> {
  const ports = await choosePorts(operators.length)
  for (const [i, name] of operators.entries()) {
    await mint(cast[name], deployment, stake)
    const endpoint = `http://127.0.0.1:${ports[i]}`
    await enrol(cast[name], { deployment, model, stake, ask, endpoint })
  }
  const { dapp, wanda } = cast
  await mint(dapp, deployment, budget)
  await deposit(dapp.client, { deployment, amount: budget })
  await mint(wanda, deployment, bonds)
  await deposit(wanda.client, { deployment, amount: bonds, spender: deployment.tensorVerifier })
  return ports
}

async function startDaemons(
  world: World,
  cast: Cast,
  ports: readonly number[],
  shutdown: Shutdown,
): Promise<Record<(typeof operators)[number], Daemon>> {
  const entries = []
  for (const [i, name] of operators.entries()) {
    const settings = { port: ports[i]!, ask, isLiar: name === 'mallory' }
    const daemon = await startOperator(world, cast[name], settings)
    shutdown.add(name, daemon.stop)
    entries.push([name, daemon] as const)
  }
  const watcher = await startWatcher(world, cast.wanda, bonds)
  await Promise.all(ports.map((port) => waitUntilHealthy(port, shutdown.signal)))
  shutdown.add(watcher.name, watcher.stop)
  return Object.fromEntries(entries) as Record<(typeof operators)[number], Daemon>
}
