import { readFileSync } from 'node:fs'

import { type Deployment, parseDeployment } from '@assay/protocol'

/** What the indexer is told from outside. */
export type IndexerConfig = {
  deployment: Deployment
  /** Endpoints of the chain; more than one share the load. */
  rpcUrls: string[]
  /** Folder of the embedded database, `memory://`, or the URL of a PostgreSQL server. */
  database: string
}

/** Chain id of local development chains: nothing of them outlives the process, and they answer at once. */
const localChainId = 31337

/**
 * Ponder allows each URL some twenty requests a second at first, which a local node outruns a hundredfold. The same
 * node under many URLs gets many allowances; nodes ignore the query.
 */
const localUrls = 50

function readDeployment(value: string): Deployment {
  const text = value.trimStart().startsWith('{') ? value : readFileSync(value, 'utf8')
  return parseDeployment(JSON.parse(text))
}

/**
 * Reads the configuration from the environment.
 *
 * - `ASSAY_DEPLOYMENT`: file of the deployment, or the JSON itself
 * - `ASSAY_RPC_URL`: one URL, or several parted by commas
 * - `ASSAY_INDEX_DATABASE`: see `database`; memory if not given
 */
export function readConfig(env: Record<string, string | undefined> = process.env): IndexerConfig {
  const { ASSAY_DEPLOYMENT, ASSAY_RPC_URL, ASSAY_INDEX_DATABASE } = env
  const deployment = readDeployment(ASSAY_DEPLOYMENT ?? 'deployment.json')
  const rpcUrls = (ASSAY_RPC_URL ?? 'http://127.0.0.1:8545').split(',').map((url) => url.trim())
  return {
    deployment,
    rpcUrls: isLocal(deployment) ? rpcUrls.flatMap(multiply) : rpcUrls,
    database: ASSAY_INDEX_DATABASE ?? 'memory://',
  }
}

/** True for a chain that lives and dies with a test or a demonstration. */
export function isLocal({ chainId }: Pick<Deployment, 'chainId'>): boolean {
  return chainId === localChainId
}

function multiply(url: string): string[] {
  const base = url.replace(/\/$/, '')
  return Array.from({ length: localUrls }, (_, index) => `${base}/?b=${index}`)
}

export type ChildEnvironmentParameters = {
  deployment: Deployment
  rpcUrl: string
  database: string
}

/** Returns the environment of an indexer that runs as a child: what `readConfig` reads, nothing else for Ponder. */
export function childEnvironment(parameters: ChildEnvironmentParameters): NodeJS.ProcessEnv {
  const { deployment, rpcUrl, database } = parameters
  // Ponder prefers these over its options, and the caller may have them for purposes of its own.
  const { PORT, DATABASE_URL, DATABASE_PRIVATE_URL, DATABASE_SCHEMA, ...inherited } = process.env
  return {
    ...inherited,
    ASSAY_DEPLOYMENT: JSON.stringify(deployment),
    ASSAY_RPC_URL: rpcUrl,
    ASSAY_INDEX_DATABASE: database,
  }
}
