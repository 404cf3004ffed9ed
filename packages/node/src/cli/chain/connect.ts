import { type Deployment, tokenAbi } from '@assay/protocol'
import { type AssayClient, ChainMismatchError } from '@assay/sdk'
import { createClient, fallback, http, type LocalAccount } from 'viem'
import { getChainId, getCode, readContract } from 'viem/actions'

import { type Identity, keyVariable } from '../config.ts'
import { ConfigError } from '../errors.ts'
import type { Token } from './amounts.ts'
import { type ChainConfig, loadChainConfig } from './config.ts'
import { ChainUnreachableError, DeploymentMissingError } from './errors.ts'
import type { ChainOptions } from './options.ts'

/** A chain that replies and has the contracts. */
export type Connection = {
  /** Sends in the name of the account, where there is one. */
  client: AssayClient
  deployment: Deployment
  /** Who acts; throws where no key is named. */
  account: () => LocalAccount
  /** Opens what is sealed for the account; undefined where no key is named. */
  encryptionKeys: Identity['encryptionKeys'] | undefined
  /** What is escrowed and staked. */
  token: Token
}

/** Milliseconds between two looks at the chain. */
const pollingInterval = 200

/** Connects to the chain that a command is told of, and sees that it is the right one. */
export async function connect(options: ChainOptions): Promise<Connection> {
  const config = loadChainConfig(options)
  const { rpcUrls, deployment, identity } = config
  const account = identity?.account
  const transports = rpcUrls.map((url) => http(url, { retryCount: 1, timeout: 10_000 }))
  const [first, ...others] = transports
  const client = createClient({
    ...(account === undefined ? {} : { account }),
    transport: others.length === 0 ? first! : fallback(transports),
    ...{ pollingInterval, cacheTime: 0 },
  })
  await check(client, config)
  const contract = { address: deployment.token, abi: tokenAbi } as const
  const [symbol, decimals] = await Promise.all([
    readContract(client, { ...contract, functionName: 'symbol' }),
    readContract(client, { ...contract, functionName: 'decimals' }),
  ])
  return {
    ...{ client, deployment, token: { symbol, decimals } },
    account: () => need(account),
    encryptionKeys: identity?.encryptionKeys,
  }
}

async function check(client: AssayClient, { rpcUrls, deployment }: ChainConfig) {
  const { chainId, market } = deployment
  const clientChainId = await getChainId(client).catch((cause) => {
    // An endpoint's path can hold a key, its host cannot.
    throw new ChainUnreachableError(
      rpcUrls.map((url) => new URL(url).host),
      cause,
    )
  })
  if (clientChainId !== chainId) throw new ChainMismatchError({ clientChainId, chainId })
  const code = await getCode(client, { address: market })
  if (code === undefined) throw new DeploymentMissingError(market, chainId)
}

function need(account: LocalAccount | undefined) {
  if (account !== undefined) return account
  throw new ConfigError(
    `There is no private key: name --key-file or --config, or set ${keyVariable}.`,
  )
}
