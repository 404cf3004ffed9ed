import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { type Deployment, parseDeployment } from '@assay/protocol'
import { deriveEncryptionKeys, type EncryptionKeys } from '@assay/protocol/envelope'
import { type Hex, isAddressEqual, isHex, type LocalAccount, parseGwei } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { z } from 'zod'

import type { ChainPolicy } from '../daemon/daemon.ts'
import { createReceiptSigner } from '../receipts/createReceiptSigner.ts'
import type { SignReceipt } from '../receipts/createReceiptWriter.ts'
import { ConfigError } from './errors.ts'
import { type OperatorConfig, operatorConfigSchema } from './operatorConfig.ts'
import type { ServedModelConfig } from './serveConfig.ts'
import { type WatcherConfig, watcherConfigSchema } from './watcherConfig.ts'

/** Environment variable that holds the private key, where no key file is named. */
export const keyVariable = 'ASSAY_PRIVATE_KEY'

/** Who acts by a private key. */
export type Identity = {
  account: LocalAccount
  /** Derives the keys that open what is sealed for the account. */
  encryptionKeys: () => Promise<EncryptionKeys>
  /** Creates what signs receipts by the key. */
  receiptSigner: () => Promise<SignReceipt>
}

/** What both daemons are given, with paths resolved and the key read. */
export type Loaded<config> = config & Identity & { deployment: Deployment }

/** What an operator is given. */
export type LoadedOperator = Loaded<OperatorConfig> & {
  /** Keys of upstreams, by the name of the model. Nothing else holds them. */
  upstreamKeys: ReadonlyMap<string, string>
  /** Who makes payments by x402. */
  seller: LocalAccount | undefined
}

/** A model that the command line adds to those of a configuration. */
export type AddedModel = { version: string; folder: string }

/** Reads and checks the configuration of an operator. */
export function loadOperatorConfig(
  file: string,
  models: readonly AddedModel[] = [],
): LoadedOperator {
  const config = complete(file, parseConfig(file, operatorConfigSchema, models))
  if (config.serve === undefined) return { ...config, upstreamKeys: new Map(), seller: undefined }
  const path = (relative: string) => resolve(dirname(file), relative)
  const served = config.serve.models.map((model) => ({
    ...model,
    backend: inFolder(model.backend, path),
  }))
  const keys = served.map(({ name, backend }) => [name, readUpstreamKey(backend)] as const)
  return {
    ...config,
    serve: { ...config.serve, models: served },
    seller: readSeller(config, path),
    upstreamKeys: new Map(
      keys.filter((entry): entry is [string, string] => entry[1] !== undefined),
    ),
  }
}

/** Two senders of one account would take the same nonce. */
function readSeller(
  { serve, account }: Loaded<OperatorConfig>,
  path: (relative: string) => string,
): LocalAccount | undefined {
  if (serve?.x402 === undefined) return undefined
  const { keyEnv, keyFile } = serve.x402
  const key = keyFile === undefined ? process.env[keyEnv!] : readText(path(keyFile))
  if (key === undefined) throw new ConfigError(`There is no private key in ${keyEnv}.`)
  const seller = privateKeyToAccount(parseKey(key))
  if (!isAddressEqual(seller.address, account.address)) return seller
  throw new ConfigError("The key of x402 is the operator's own: it has to be another.")
}

type Backend = ServedModelConfig['backend']

function inFolder(backend: Backend, path: (relative: string) => string): Backend {
  if (backend.kind === 'exact') return { ...backend, folder: path(backend.folder) }
  return backend.keyFile === undefined ? backend : { ...backend, keyFile: path(backend.keyFile) }
}

/** Returns the key of an upstream; nothing for those that need none. Throws `ConfigError` for one that is not there. */
function readUpstreamKey(backend: Backend): string | undefined {
  if (backend.kind === 'exact') return undefined
  const { keyEnv, keyFile } = backend
  if (keyEnv === undefined && keyFile === undefined) return undefined
  const key = keyFile === undefined ? process.env[keyEnv!] : readText(keyFile)
  const trimmed = key?.trim() ?? ''
  if (trimmed !== '' && /^[\x21-\x7e]+$/.test(trimmed)) return trimmed
  const where = keyFile ?? `the environment variable ${keyEnv}`
  throw new ConfigError(`There is no key of one line in ${where}.`)
}

/** Reads and checks the configuration of a watcher. */
export function loadWatcherConfig(
  file: string,
  models: readonly AddedModel[] = [],
): Loaded<WatcherConfig> {
  return complete(file, parseConfig(file, watcherConfigSchema, models))
}

/** Reads a configuration, with models added to its own, and checks it against a schema. */
export function parseConfig<output>(
  file: string,
  schema: z.ZodType<output>,
  models: readonly AddedModel[] = [],
): output {
  const { success, data, error } = schema.safeParse(withModels(readJson(file), models))
  if (success) return data
  throw new ConfigError(`${file} is not a valid configuration.`, {
    cause: error,
    metaMessages: z.prettifyError(error).split('\n'),
  })
}

/** What is no configuration, or lists no models, stays as it is: the schema says what is wrong with it. */
function withModels(content: unknown, added: readonly AddedModel[]): unknown {
  if (added.length === 0 || typeof content !== 'object' || content === null) return content
  const { models = [] } = content as { models?: unknown }
  return Array.isArray(models) ? { ...content, models: [...models, ...added] } : content
}

type Common = {
  dataDir: string
  keyFile?: string | undefined
  deployment: string | Record<string, unknown>
  models: { folder: string }[]
}

/** Paths in a configuration start at its own folder, wherever the process was started. */
function complete<config extends Common>(file: string, config: config): Loaded<config> {
  const path = (relative: string) => resolve(dirname(file), relative)
  const { deployment, keyFile } = config
  return {
    ...config,
    dataDir: path(config.dataDir),
    models: config.models.map((model) => ({ ...model, folder: path(model.folder) })),
    deployment: parseDeployment(
      typeof deployment === 'string' ? readJson(path(deployment)) : deployment,
    ),
    ...readIdentity(keyFile === undefined ? undefined : path(keyFile)),
  }
}

/** Returns who acts by the key that a file holds; the environment is asked where none is named. */
export function readIdentity(keyFile: string | undefined): Identity {
  const privateKey = readKey(keyFile)
  return {
    account: privateKeyToAccount(privateKey),
    encryptionKeys: () => deriveEncryptionKeys(privateKey),
    receiptSigner: () => createReceiptSigner(privateKey),
  }
}

function readKey(keyFile: string | undefined): Hex {
  const key = keyFile === undefined ? process.env[keyVariable] : readText(keyFile)
  if (key === undefined) {
    throw new ConfigError(`There is no private key: set ${keyVariable} or name a "keyFile".`)
  }
  return parseKey(key)
}

function parseKey(key: string): Hex {
  const trimmed = key.trim()
  if (!isHex(trimmed) || trimmed.length !== 66) {
    // What is wrong with a secret is not for a log to show.
    throw new ConfigError('The private key is not 32 bytes in hex.')
  }
  return trimmed
}

/** Reads a file of JSON. */
export function readJson(file: string): unknown {
  try {
    return JSON.parse(readText(file))
  } catch (cause) {
    if (cause instanceof ConfigError) throw cause
    throw new ConfigError(`${file} is not JSON.`, { cause })
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new ConfigError(`${file} cannot be read.`, { cause })
  }
}

/** Returns how a daemon deals with its chain, from its configuration. */
export function chainPolicyOf(config: Pick<OperatorConfig, 'chain' | 'retainHours'>): ChainPolicy {
  const {
    maxFeeGwei,
    minTipGwei,
    rpcUrls: _,
    rpcTimeoutMs: __,
    wsUrl: ___,
    ...policy
  } = config.chain
  return {
    ...policy,
    retainMs: config.retainHours * 3_600_000,
    fees: {
      maxFeePerGas: parseGwei(String(maxFeeGwei)),
      minPriorityFeePerGas: parseGwei(String(minTipGwei)),
    },
  }
}
