import type { ModelCard, Price, Task, VerificationLevel } from '@assay/protocol/http'
import type { Address, Hash } from 'viem'

/** A model as one upstream offers it. */
export type Offer = {
  /** Name under which the upstream knows it. */
  name: string
  /** Version under which it is registered; undefined for a provider's. */
  version: Hash | undefined
  tasks: readonly Task[]
  price: Price
  /** Most units that one choice of an answer may have. */
  maxUnitsOut: number
  verification: VerificationLevel
  payments: ModelCard['payments']
  /** Names that may be served under it besides its own and those that begin with it; undefined for any. */
  served: readonly string[] | undefined
}

/** Somebody who answers: an operator, who signs receipts, or a provider, whose word is all there is. */
export type Upstream = {
  /** Operator's address, or provider's name. */
  id: string
  operator: Address | undefined
  /** Base URL with `/v1`, without a slash at its end. */
  baseUrl: string
  /** Headers that go with every request, such as a provider's key. */
  headers: Readonly<Record<string, string>>
  /** Active stake behind its receipts, in token units. */
  stake: bigint
  /** Further accounts whose signatures bind the operator. */
  signers: readonly Address[]
  /** Name or version by which clients ask → offer. */
  offers: ReadonlyMap<string, Offer>
}

/** What an attempt can be made with. */
export type Candidate = {
  upstream: Upstream
  offer: Offer /** As it was asked for. */
  model: string
}

/** Whom the gateway knows. */
export type Catalog = {
  upstreams: () => readonly Upstream[]
  /** Returns who offers a model for a task. */
  find: (model: string, task: Task) => Candidate[]
  /** Looks again; the newest of overlapping looks wins. Never rejects: what fails is an event. */
  refresh: () => Promise<void>
}
