import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'

import { createRoles, mint, type Player, type Role } from './cast.ts'
import type { World } from './daemons.ts'
import { choosePort } from './ports.ts'

export type HandOverParameters = {
  world: World
  /** Folder for what is handed over; emptied first. */
  folder: string
}

export type HandedOver = {
  /** A configuration for each role. */
  files: string[]
  /** Test dollars that each role has. */
  tokens: number
  /** Removes what was handed over: it is worth nothing without its chain. */
  remove: () => Promise<void>
}

const tokens = 1_000
/** First port tried for the interface of the operator that people start. */
const operatorPort = 8650

/**
 * Writes what people need to go on by command line: the deployment, and for each role a key of the development
 * mnemonic and a configuration, which the daemons take as well.
 */
export async function handOver({ world, folder }: HandOverParameters): Promise<HandedOver> {
  const { rpcUrl, deployment } = world
  await rm(folder, { recursive: true, force: true })
  await mkdir(join(folder, 'keys'), { recursive: true })
  await writeFile(join(folder, 'deployment.json'), textOf(deployment))
  const players = Object.values(createRoles(rpcUrl, deployment.chainId))
  await Promise.all(players.map((player) => mint(player, deployment, BigInt(tokens) * 1_000_000n)))
  const files = players.map(async (player) => {
    await writeFile(join(folder, 'keys', player.name), `${player.key}\n`, { mode: 0o600 })
    const file = join(folder, `${player.name}.json`)
    await writeFile(file, textOf(await configOf(world, player, folder)))
    return file
  })
  const remove = () => rm(folder, { recursive: true, force: true })
  return { files: await Promise.all(files), tokens, remove }
}

/** Paths in a configuration start at its own folder. */
async function configOf(world: World, { name }: Player, folder: string) {
  const { rpcUrl, model, modelFolder, weights } = world
  const place = {
    chain: { rpcUrls: [rpcUrl], wsUrl: rpcUrl.replace(/^http/, 'ws'), confirmations: 1 },
    deployment: 'deployment.json',
    keyFile: join('keys', name),
  }
  const digits = { version: model, folder: relative(folder, modelFolder) }
  const daemons: Partial<Record<Role, () => Promise<object>>> = {
    operator: async () => ({
      dataDir: 'operator-data',
      models: [digits],
      http: { port: (await choosePort(operatorPort)).port },
    }),
    watcher: async () => ({
      dataDir: 'watcher-data',
      models: [{ ...digits, weights }],
      http: { port: 0 },
      demands: { budget: '20000000' },
    }),
  }
  return { ...place, ...(await daemons[name as Role]?.()) }
}

function textOf(content: unknown) {
  return `${JSON.stringify(content, null, 2)}\n`
}
