import { mkdir, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

import type { Deployment } from '@assay/protocol'
import type { Address, Hash } from 'viem'
import type { Player } from './cast.ts'
import { choosePort } from './ports.ts'
import { type Daemon, startDaemon } from './processes.ts'

export type World = {
  /** Folder of this run: configurations, journals and logs. */
  folder: string
  rpcUrl: string
  deployment: Deployment
  model: Hash
  /** Folder of the model's program. */
  modelFolder: string
  /** Contracts that hold the model's weights. */
  weights: readonly Address[]
  onDeath: (name: string, log: string) => void
}

const script = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))

const honest = script('packages/cli/src/main.ts')
const liar = script('packages/node/src/testing/liar.ts')

const healthTimeoutMs = 90_000

/** First port tried for operators' HTTP interfaces. */
const firstPort = 8600

/** Returns a free port for each operator. */
export async function choosePorts(count: number, first = firstPort): Promise<number[]> {
  const ports = []
  for (let i = 0; i < count; i += 1) ports.push((await choosePort(first + i)).port)
  return ports
}

export type OperatorSettings = {
  port: number
  /** Least token units per job; left out by who answers none. */
  ask?: bigint
  isLiar?: boolean
  /** What the configuration says about answering over HTTP. */
  serve?: Record<string, unknown> | undefined
}

/** Starts an operator in a process of its own. */
export function startOperator(
  world: World,
  player: Player,
  settings: OperatorSettings,
): Promise<Daemon> {
  const { port, ask, isLiar = false, serve } = settings
  const model = modelOf(world, player)
  return start(world, player, [isLiar ? liar : honest, 'operator'], {
    models: ask === undefined ? [] : [{ ...model, ask: String(ask) }],
    ...serve,
    http: { port },
    settling: { batch: 50, delaySeconds: 2 },
  })
}

/** Waits until a process's HTTP interface says that it works. */
export async function waitUntilHealthy(port: number, signal: AbortSignal): Promise<void> {
  const end = Date.now() + healthTimeoutMs
  while (!(await isHealthy(port))) {
    signal.throwIfAborted()
    if (Date.now() > end)
      throw new Error(
        `What listens on port ${port} is not healthy after ${healthTimeoutMs / 1_000} s.`,
      )
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

async function isHealthy(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/healthz`)).ok
  } catch {
    return false
  }
}

/** Starts a watcher in a process of its own. */
export function startWatcher(world: World, player: Player, budget: bigint): Promise<Daemon> {
  return start(world, player, [honest, 'watch'], {
    models: [{ ...modelOf(world, player), weights: world.weights }],
    demands: { budget: String(budget) },
  })
}

/** Starts a gateway in a process of its own. */
export function startGateway(
  world: World,
  player: Player,
  settings: Record<string, unknown>,
): Promise<Daemon> {
  const { rpcUrl, deployment } = world
  const env = { ASSAY_PAYER_KEY: player.key }
  return launch(world, player, [honest, 'gateway'], { deployment, rpcUrl, ...settings }, env)
}

const homeOf = ({ folder }: World, { name }: Player) => join(folder, name)

/** Paths in a configuration start at its own folder. */
const modelOf = (world: World, player: Player) => ({
  version: world.model,
  folder: relative(homeOf(world, player), world.modelFolder),
})

function start(
  world: World,
  player: Player,
  command: readonly string[],
  settings: Record<string, unknown>,
): Promise<Daemon> {
  const { rpcUrl, deployment } = world
  const chain = { rpcUrls: [rpcUrl], wsUrl: rpcUrl.replace(/^http/, 'ws'), confirmations: 1 }
  const env = { ASSAY_PRIVATE_KEY: player.key }
  return launch(world, player, command, { chain, deployment, ...settings }, env)
}

async function launch(
  world: World,
  player: Player,
  command: readonly string[],
  settings: Record<string, unknown>,
  env: Record<string, string>,
): Promise<Daemon> {
  const { onDeath } = world
  const home = homeOf(world, player)
  const config = join(home, 'config.json')
  const log = join(home, 'log.txt')
  await mkdir(home, { recursive: true })
  const content = { dataDir: 'data', ...settings }
  await writeFile(config, `${JSON.stringify(content, null, 2)}\n`)
  return startDaemon({
    name: player.name,
    arguments: [...command, '--config', config],
    env,
    log,
    onDeath: () => onDeath(player.name, log),
  })
}
