import type { ListedModel, Task } from '@assay/protocol/http'
import type { Address } from 'viem'

import type { Observe } from '../events.ts'
import type { Transport } from '../upstream/transport.ts'
import { baseUrlOf } from './baseUrlOf.ts'
import { readCards } from './readCards.ts'
import type { RegisteredOperator, Registry } from './readOperators.ts'
import type { Candidate, Catalog, Offer, Upstream } from './upstream.ts'

/** A name that clients ask for, and what the gateway means by it. */
export type NamedModel = {
  name: string
  /** Versions that may answer. */
  versions: readonly string[]
  /** Names that upstreams may serve for it; undefined for any. */
  served?: readonly string[] | undefined
}

export type CreateCatalogDependencies = {
  /** Providers, which are known from the configuration alone. */
  providers: readonly Upstream[]
  /** Operators that are asked whether anybody lists them or not. */
  operators: readonly {
    url: string
    operator?: Address | undefined
    signers?: readonly Address[] | undefined
  }[]
  models: readonly NamedModel[]
  /** Whether a name that an operator's card gives counts where neither `models` nor a publisher says otherwise. */
  trustsCards: boolean
  /** Where operators are looked up, in this order; the next is asked if one throws. */
  sources: readonly { name: string; read: () => Promise<Registry> }[]
  transport: Transport
  timeoutMs: number
  observe: Observe
}

type Entry = RegisteredOperator & { signers: readonly Address[]; isExpected: boolean }

/** Creates the list of whom the gateway can ask. It is empty but for the providers until the first `refresh`. */
export function createCatalog(dependencies: CreateCatalogDependencies): Catalog {
  const { providers, observe } = dependencies
  const byUrl = new Map<string, Upstream>()
  let upstreams: readonly Upstream[] = providers
  let registry: Registry = { operators: [], published: undefined }
  let round = 0

  async function lookUp() {
    for (const { name, read } of dependencies.sources) {
      try {
        const found = await read()
        // The chain tells no names: those that the index told last go on.
        return { name, registry: { ...found, published: found.published ?? registry.published } }
      } catch (error) {
        observe({ kind: 'catalog_failed', subject: name, reason: (error as Error).message })
      }
    }
    return { name: 'configuration', registry }
  }

  async function readUpstream(entry: Entry, published: Registry['published']) {
    const baseUrl = baseUrlOf(entry.endpoint)
    try {
      const { transport, timeoutMs } = dependencies
      const operator = entry.isExpected ? entry.operator : undefined
      const cards = await readCards({ baseUrl, operator, transport, timeoutMs })
      byUrl.set(baseUrl, toUpstream({ entry, baseUrl, cards, published, dependencies }))
    } catch (error) {
      // One that does not answer now may answer when it is needed: what it offered last stays.
      observe({ kind: 'catalog_failed', subject: baseUrl, reason: (error as Error).message })
    }
    return byUrl.get(baseUrl)
  }

  async function refresh() {
    round += 1
    const own = round
    const found = await lookUp()
    const entries = entriesOf(dependencies.operators, found.registry.operators)
    const read = await Promise.all(
      entries.map((entry) => readUpstream(entry, found.registry.published)),
    )
    if (own !== round) return
    registry = found.registry
    const distinct = new Map(
      read.flatMap((upstream) => (upstream ? [[upstream.id, upstream]] : [])),
    )
    upstreams = [...distinct.values(), ...providers]
    const models = new Set(upstreams.flatMap(({ offers }) => [...offers.keys()])).size
    observe({ kind: 'catalog_refreshed', upstreams: upstreams.length, models, source: found.name })
  }

  return {
    refresh,
    upstreams: () => upstreams,
    find: (model, task) => find(upstreams, model, task),
  }
}

function find(upstreams: readonly Upstream[], model: string, task: Task): Candidate[] {
  return upstreams.flatMap((upstream) => {
    const offer = upstream.offers.get(model) ?? upstream.offers.get(model.toLowerCase())
    return offer?.tasks.includes(task) ? [{ upstream, offer, model }] : []
  })
}

function entriesOf(
  configured: CreateCatalogDependencies['operators'],
  registered: readonly RegisteredOperator[],
): Entry[] {
  const known = new Map(registered.map((entry) => [baseUrlOf(entry.endpoint), entry]))
  const own = configured.map(({ url, operator, signers = [] }): Entry => {
    const record = known.get(baseUrlOf(url))
    known.delete(baseUrlOf(url))
    const address = operator ?? record?.operator
    return {
      ...{ endpoint: url, stake: record?.stake ?? 0n, signers },
      ...{ operator: address ?? '0x', isExpected: address !== undefined },
    }
  })
  const others = [...known.values()].map((entry) => ({ ...entry, signers: [], isExpected: true }))
  return [...own, ...others]
}

type ToUpstreamParameters = {
  entry: Entry
  baseUrl: string
  cards: ListedModel[]
  published: Registry['published']
  dependencies: CreateCatalogDependencies
}

function toUpstream(parameters: ToUpstreamParameters): Upstream {
  const { entry, baseUrl, cards, published, dependencies } = parameters
  const offers = new Map<string, Offer>()
  for (const { name, card } of cards) {
    const { version, tasks, price, maxUnitsOut, verification, payments } = card
    const offer = { name, version, tasks, price, maxUnitsOut, verification, payments }
    const named = dependencies.models.filter(({ versions }) =>
      versions.some((id) => id.toLowerCase() === version),
    )
    offers.set(version, { ...offer, served: undefined })
    for (const model of named) offers.set(model.name, { ...offer, served: model.served })
    for (const [published_, versions] of published ?? []) {
      if (versions.has(version)) offers.set(published_, { ...offer, served: undefined })
    }
    const isMeant = dependencies.models.some((model) => model.name === name) || published?.has(name)
    if (dependencies.trustsCards && !isMeant) offers.set(name, { ...offer, served: undefined })
  }
  const operator = cards[0]?.card.operator ?? entry.operator
  const { stake, signers } = entry
  return { id: operator, operator, baseUrl, headers: {}, stake, signers, offers }
}
