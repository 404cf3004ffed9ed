import { dirname, resolve } from 'node:path'
import { type Deployment, parseDeployment } from '@assay/protocol'
import { z } from 'zod'

import { type Identity, keyVariable, parseConfig, readIdentity, readJson } from '../config.ts'
import { ConfigError } from '../errors.ts'
import type { ChainOptions } from './options.ts'

/** Environment variables that hold what neither an option nor a configuration says. */
export const chainVariables = {
  config: 'ASSAY_CONFIG',
  rpc: 'ASSAY_RPC_URL',
  deployment: 'ASSAY_DEPLOYMENT',
}

/** Where the chain and the contracts are, and who acts. */
export type ChainConfig = {
  /** JSON-RPC endpoints, best first. */
  rpcUrls: readonly string[]
  deployment: Deployment
  /** Undefined where no key is named. */
  identity: Identity | undefined
}

/** What a configuration file says of the chain; a daemon's has more, which is not looked at. */
const fileSchema = z.object({
  chain: z.object({ rpcUrls: z.array(z.url()).min(1) }).optional(),
  deployment: z.union([z.string(), z.record(z.string(), z.unknown())]).optional(),
  keyFile: z.string().optional(),
})

/** Finds out where the chain is: options come before the configuration, that before the environment. */
export function loadChainConfig(options: ChainOptions): ChainConfig {
  const environment = process.env
  const file = readFile(options.config ?? environment[chainVariables.config])
  const rpcUrls =
    options.rpc === undefined
      ? (file.rpcUrls ?? environment[chainVariables.rpc]?.split(','))
      : [options.rpc]
  const deployment = options.deployment ?? file.deployment ?? environment[chainVariables.deployment]
  if (rpcUrls === undefined) throw missing('endpoint', '--rpc', chainVariables.rpc)
  if (deployment === undefined) {
    throw missing('deployment', '--deployment', chainVariables.deployment)
  }
  return {
    rpcUrls: rpcUrls.map(checkUrl),
    deployment: parseDeployment(typeof deployment === 'string' ? readJson(deployment) : deployment),
    identity: identityOf(options.keyFile ?? file.keyFile),
  }
}

/** A key that is named has to be there; who names none can still look. */
function identityOf(keyFile: string | undefined) {
  if (keyFile === undefined && process.env[keyVariable] === undefined) return undefined
  return readIdentity(keyFile)
}

function readFile(file: string | undefined) {
  if (file === undefined) return {}
  const { chain, deployment, keyFile } = parseConfig(file, fileSchema)
  const path = (relative: string) => resolve(dirname(file), relative)
  return {
    rpcUrls: chain?.rpcUrls,
    deployment: typeof deployment === 'string' ? path(deployment) : deployment,
    keyFile: keyFile === undefined ? undefined : path(keyFile),
  }
}

function checkUrl(url: string): string {
  // What is wrong with it may be a secret that somebody put in its place.
  if (!URL.canParse(url)) throw new ConfigError('The endpoint of the chain is not a URL.')
  return url
}

function missing(what: string, option: string, variable: string) {
  return new ConfigError(`There is no ${what}: name ${option} or --config, or set ${variable}.`)
}
