import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import type { Deployment } from '@assay/protocol'
import { deposit } from '@assay/sdk'
import type { Program } from '@assay/tensor'
import { loadProgram, loadSamples, type Sample } from '@assay/tensor/node'
import type { Hash } from 'viem'
import { getBlock } from 'viem/actions'

import { type Indexer, startIndexer } from '../../indexer/run.ts'
import type { PlayAccessParameters } from './access/play.ts'
import {
  type Access,
  createAccess,
  fundGateway,
  gatewaySettings,
  pledgeReceipts,
  type Server,
  servers,
  serveSettings,
  stakeReceipts,
} from './access/setUp.ts'
import { type Snapshot, snapshot } from './balances.ts'
import { activate, type Cast, createCast, enrol, mint, type Name } from './cast.ts'
import { startChain } from './chain.ts'
import { compile } from './compile.ts'
import {
  choosePorts,
  startGateway,
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
  /** The way to answers over HTTP. */
  access: PlayAccessParameters['access']
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
/** First port tried for the gateway. */
const gatewayPort = 8700

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
  const access = await createAccess({ cast, deployment })
  for (const [name, { close }] of Object.entries(access.upstreams)) {
    shutdown.add(`the provider of ${name}`, close)
  }
  const ports = await fund({ cast, deployment, model })
  const served = await fundServers({ cast, deployment, access, ports })
  await chain.skip(activationSeconds)
  for (const name of operators) await activate(cast[name], deployment, model)
  for (const name of servers) await pledgeReceipts(cast[name], deployment)
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
  const { timestamp } = await getBlock(cast.dapp.client)
  const aheadSeconds = Math.max(0, Math.ceil(Number(timestamp) - Date.now() / 1_000))
  const settings = { world, cast, ports, served, access, aheadSeconds }
  const daemons = await startDaemons(settings, shutdown)
  display.event('five operators and a watcher run, each in a process of its own')
  const gateway = await openGateway({ world, cast, access, indexer }, shutdown)
  display.event(`a gateway serves OpenAI's API at ${gateway}/v1`)
  return {
    ...{ cast, deployment, model, program, samples, indexer, before, world },
    mort: daemons.mort!,
    access: {
      ...{ ...access, url: gateway, daemons: daemons as Record<Server, Daemon> },
      restart: (name) => restart(settings, name, daemons, shutdown),
    },
    urls: {
      ...{ RPC: chain.url, GraphQL: `${indexer.url}/graphql`, GraphiQL: `${indexer.url}/graphql` },
      OpenAI: `${gateway}/v1`,
    },
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

type Daemons = {
  world: World
  cast: Cast
  /** Of those who answer jobs. */
  ports: readonly number[]
  /** Of those who answer over HTTP. */
  served: Record<Server, number>
  access: Access
  /** Seconds by which the chain's clock is ahead. */
  aheadSeconds: number
}

/** Registers who answers over HTTP and puts stake behind its receipts; returns the ports. */
async function fundServers(parameters: {
  cast: Cast
  deployment: Deployment
  access: Access
  ports: readonly number[]
}): Promise<Record<Server, number>> {
  const { cast, deployment, access, ports } = parameters
  const [own] = await choosePorts(1, Math.max(...ports) + 1)
  const served = { ada: ports[0]!, bert: ports[1]!, cleo: own! }
  for (const name of servers) {
    const endpoint = `http://127.0.0.1:${served[name]}`
    await stakeReceipts(cast[name], { deployment, version: access.version, endpoint })
  }
  await fundGateway({ cast, deployment })
  return served
}

async function startDaemons(
  parameters: Daemons,
  shutdown: Shutdown,
): Promise<Partial<Record<Name, Daemon>>> {
  const { world, cast, ports, served } = parameters
  const daemons: Partial<Record<Name, Daemon>> = {}
  for (const name of [...operators, 'cleo'] as const) {
    daemons[name] = await startOne(parameters, name)
    shutdown.add(name, async () => daemons[name]?.stop())
  }
  const watcher = await startWatcher(world, cast.wanda, bonds)
  const all = [...ports, served.cleo]
  await Promise.all(all.map((port) => waitUntilHealthy(port, shutdown.signal)))
  shutdown.add(watcher.name, watcher.stop)
  return daemons
}

function startOne(
  { world, cast, ports, served, access, aheadSeconds }: Daemons,
  name: (typeof operators)[number] | Server,
): Promise<Daemon> {
  const answers = operators.indexOf(name as (typeof operators)[number])
  const server = servers.find((other) => other === name)
  return startOperator(world, cast[name], {
    ...(answers === -1 ? { port: served.cleo } : { port: ports[answers]!, ask }),
    ...(server && { serve: serveSettings(access, { name: server, aheadSeconds }) }),
    isLiar: name === 'mallory',
  })
}

async function restart(
  parameters: Daemons,
  name: Server,
  daemons: Partial<Record<Name, Daemon>>,
  shutdown: Shutdown,
): Promise<void> {
  daemons[name] = await startOne(parameters, name)
  await waitUntilHealthy(parameters.served[name], shutdown.signal)
}

async function openGateway(
  { world, cast, access, indexer }: { world: World; cast: Cast; access: Access; indexer: Indexer },
  shutdown: Shutdown,
): Promise<string> {
  const { port } = await choosePort(gatewayPort)
  const settings = gatewaySettings(access, { port, indexerUrl: indexer.url })
  const daemon = await startGateway(world, cast.gwen, settings)
  shutdown.add('the gateway', daemon.stop)
  await waitUntilHealthy(port, shutdown.signal)
  return `http://127.0.0.1:${port}`
}
