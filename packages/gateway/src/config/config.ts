import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { type Deployment, parseDeployment } from '@assay/protocol'
import { type Address, type Hex, isHex, type LocalAccount } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { z } from 'zod'

import type { Upstream } from '../catalog/upstream.ts'
import { GatewayConfigError } from '../errors.ts'
import type { ApiKey } from '../keys/createKeys.ts'
import { type GatewayConfig, gatewayConfigSchema } from './gatewayConfig.ts'
import { toProvider } from './toProvider.ts'

/** A configuration with its files and secrets read. */
export type LoadedGatewayConfig = Omit<GatewayConfig, 'deployment' | 'providers' | 'keys'> & {
  deployment: Deployment | undefined
  providers: readonly Upstream[]
  keys: readonly ApiKey[]
  /** Chain and ledger in which is paid; undefined where nothing is. */
  settlement: { chainId: number; ledger: Address } | undefined
  /** Private key of the payer or of its session key. */
  payerKey: Hex | undefined
  /** Who makes payments by x402. */
  seller: LocalAccount | undefined
}

type Environment = Readonly<Record<string, string | undefined>>

/** Reads and checks a configuration file; paths in it start at its own folder. Throws `GatewayConfigError`. */
export function loadGatewayConfig(
  file: string,
  environment: Environment = process.env,
): LoadedGatewayConfig {
  return completeGatewayConfig(readJson(file), dirname(file), environment)
}

/** Checks a configuration whose paths start at `folder`. Throws `GatewayConfigError`. */
export function completeGatewayConfig(
  value: unknown,
  folder: string,
  environment: Environment = process.env,
): LoadedGatewayConfig {
  const { success, data, error } = gatewayConfigSchema.safeParse(value)
  if (!success) {
    throw new GatewayConfigError('The configuration is not valid.', {
      cause: error,
      metaMessages: z.prettifyError(error).split('\n'),
    })
  }
  const path = (relative: string) => resolve(folder, relative)
  const raw =
    typeof data.deployment === 'string' ? readJson(path(data.deployment)) : data.deployment
  const deployment = raw === undefined ? undefined : parseDeployment(raw)
  const settlement = settlementOf(data, deployment)
  if (data.payer !== undefined && settlement === undefined) {
    throw new GatewayConfigError('A payer needs "deployment", or "chainId" and "ledger".')
  }
  const read: ReadKey = ({ keyFile, keyEnv = '' }) =>
    requireKey(keyFile === undefined ? environment[keyEnv] : readText(path(keyFile)), keyEnv)
  const payerKey = data.payer && read(data.payer)
  return {
    ...data,
    ...{ deployment, settlement, dataDir: path(data.dataDir) },
    providers: data.providers.map((provider) =>
      toProvider(provider, secretOf(provider, environment)),
    ),
    keys: data.keys.map((given) => toKey(given, environment)),
    payerKey,
    seller: sellerOf({ ...data, deployment }, payerKey, read),
  }
}

type ReadKey = (place: { keyFile?: string | undefined; keyEnv?: string | undefined }) => Hex

type Selling = Pick<GatewayConfig, 'x402' | 'rpcUrl' | 'payer'> &
  Pick<LoadedGatewayConfig, 'deployment'>

/** Two senders of one account would take the same nonce. */
function sellerOf(
  { x402, rpcUrl, payer, deployment }: Selling,
  payerKey: Hex | undefined,
  read: ReadKey,
): LocalAccount | undefined {
  if (x402 === undefined) return undefined
  if (deployment === undefined || rpcUrl === undefined) {
    throw new GatewayConfigError('To sell by x402 needs "deployment" and "rpcUrl".')
  }
  if (x402.payTo === undefined && payer === undefined) {
    throw new GatewayConfigError('To sell by x402 needs "payTo", or a payer who is paid.')
  }
  const key = read(x402)
  if (key.toLowerCase() !== payerKey?.toLowerCase()) return privateKeyToAccount(key)
  throw new GatewayConfigError("The key of x402 is the payer's: it has to be another.")
}

function settlementOf({ chainId, ledger }: GatewayConfig, deployment: Deployment | undefined) {
  const chain = chainId ?? deployment?.chainId
  const address = ledger ?? deployment?.ledger
  return chain === undefined || address === undefined
    ? undefined
    : { chainId: chain, ledger: address }
}

function secretOf({ name, keyEnv }: GatewayConfig['providers'][number], environment: Environment) {
  if (keyEnv === undefined) return undefined
  const key = environment[keyEnv]?.trim()
  if (key) return key
  throw new GatewayConfigError(`${keyEnv}, which holds the key of ${name}, is not set.`)
}

function toKey(
  { name, hash, env, budget }: GatewayConfig['keys'][number],
  environment: Environment,
): ApiKey {
  if (hash !== undefined) return { name, hash: Buffer.from(hash, 'hex'), budget }
  const key = env === undefined ? undefined : environment[env]
  if (key) return { name, hash: createHash('sha256').update(key).digest(), budget }
  throw new GatewayConfigError(`The key ${name} needs a "hash", or an "env" that is set.`)
}

function requireKey(key: string | undefined, variable: string): Hex {
  if (key === undefined) {
    throw new GatewayConfigError(`There is no private key: set ${variable} or name a "keyFile".`)
  }
  const trimmed = key.trim()
  // What is wrong with a secret is not for a log to show.
  if (isHex(trimmed) && trimmed.length === 66) return trimmed
  throw new GatewayConfigError('A private key is not 32 bytes in hex.')
}

function readJson(file: string): unknown {
  const text = readText(file)
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new GatewayConfigError(`${file} is not JSON.`, { cause })
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new GatewayConfigError(`${file} cannot be read.`, { cause })
  }
}
