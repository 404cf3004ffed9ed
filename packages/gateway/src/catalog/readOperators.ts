import type { Deployment } from '@assay/protocol'
import { addressField } from '@assay/protocol/http'
import { type AssayClient, listOperators } from '@assay/sdk'
import { type Address, zeroHash } from 'viem'
import { z } from 'zod'

import { DiscoveryError } from './errors.ts'

/** An operator as the registry knows it. */
export type RegisteredOperator = {
  operator: Address
  endpoint: string
  /** Active stake behind its receipts, in token units. */
  stake: bigint
}

/** Who is registered, and what names trusted publishers gave to which versions. */
export type Registry = {
  operators: RegisteredOperator[]
  /** Name → ids of its versions; undefined where the source does not tell. */
  published: Map<string, Set<string>> | undefined
}

const integer = z.string().regex(/^\d+$/).transform(BigInt)

const replySchema = z.object({
  data: z.object({
    operators: z.object({
      items: z.array(z.object({ address: addressField, endpoint: z.string().nullable() })),
    }),
    stakePositions: z.object({
      items: z.array(z.object({ operator: addressField, active: integer })),
    }),
    models: z.object({
      items: z.array(
        z.object({
          name: z.string(),
          versions: z.object({
            items: z.array(z.object({ id: z.string(), deprecatedAt: z.string().nullable() })),
          }),
        }),
      ),
    }),
  }),
})

const query = `query Registry($source: String, $version: String, $publishers: [String]) {
  operators(limit: 1000) { items { address endpoint } }
  stakePositions(where: { source: $source, version: $version }, limit: 1000) {
    items { operator active }
  }
  models(where: { publisher_in: $publishers }, limit: 1000) {
    items { name versions(limit: 1000) { items { id deprecatedAt } } }
  }
}`

export type ReadIndexedOperatorsParameters = {
  /** Base URL of the indexer. */
  indexerUrl: string
  /** `ReceiptLedger` behind whose receipts the stake stands. */
  ledger: Address
  /** Whose names count. */
  publishers: readonly Address[]
  fetch: typeof fetch
  timeoutMs: number
}

/** Reads operators, their stake and published names from the indexer; throws `DiscoveryError`. */
export async function readIndexedOperators(
  parameters: ReadIndexedOperatorsParameters,
): Promise<Registry> {
  const { ledger, publishers, timeoutMs } = parameters
  const url = `${parameters.indexerUrl.replace(/\/$/, '')}/graphql`
  const lower = (address: string) => address.toLowerCase()
  const variables = {
    ...{ source: lower(ledger), version: zeroHash, publishers: publishers.map(lower) },
  }
  try {
    const response = await parameters.fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.timeout(timeoutMs),
    })
    return toRegistry(replySchema.parse(await response.json()))
  } catch (cause) {
    throw new DiscoveryError(`The indexer at ${url} does not tell who is registered.`, { cause })
  }
}

function toRegistry({ data }: z.output<typeof replySchema>): Registry {
  const stakes = new Map(data.stakePositions.items.map((row) => [row.operator, row.active]))
  const operators = data.operators.items.flatMap(({ address, endpoint }) =>
    endpoint ? [{ operator: address, endpoint, stake: stakes.get(address) ?? 0n }] : [],
  )
  const published = new Map<string, Set<string>>()
  for (const { name, versions } of data.models.items) {
    const ids = versions.items.filter(({ deprecatedAt }) => deprecatedAt === null)
    const known = published.get(name) ?? new Set()
    published.set(name, new Set([...known, ...ids.map(({ id }) => id.toLowerCase())]))
  }
  return { operators, published }
}

/** Reads operators with stake behind their receipts from the chain; throws `DiscoveryError`. */
export async function readChainOperators(
  client: AssayClient,
  { deployment, ledger }: { deployment: Deployment; ledger: Address },
): Promise<Registry> {
  try {
    const listed = await listOperators(client, { deployment, model: zeroHash, source: ledger })
    const operators = listed
      .filter(({ endpoint }) => endpoint !== '')
      .map(({ operator, endpoint, active }) => ({ operator, endpoint, stake: active }))
    return { operators, published: undefined }
  } catch (cause) {
    throw new DiscoveryError('The chain does not tell who is registered.', { cause })
  }
}
