import type { Address, Hash, Hex } from 'viem'

/** Every effect that the daemons have on a chain. */
export const intentKinds = [
  'answer',
  'commit',
  'reveal',
  'forfeit',
  'claim',
  'collect',
  'withdraw',
  'deliver',
  'activate',
  'supply',
  'prove',
  'demand',
  'timeout',
  'reclaim',
  'openAudit',
  'confirmAudit',
  'settleAudit',
  'fundTab',
  'settle',
  'release',
  'open',
] as const

export type IntentKind = (typeof intentKinds)[number]

/**
 * Where an intent stands.
 *
 * - `planned`: written down, no nonce yet.
 * - `signed`: raw transaction, hash and nonce are stored; a node may or may not have it.
 * - `sent`: a node took it at least once.
 * - `mined`: a receipt was seen, but it can still be reorganised away.
 * - `final`: succeeded, with enough confirmations.
 * - `dropped`: cancelled; its nonce was spent on nothing.
 * - `abandoned`: given up, before it had a nonce or after it reverted; see its reason.
 */
export const intentStates = [
  'planned',
  'signed',
  'sent',
  'mined',
  'final',
  'dropped',
  'abandoned',
] as const

export type IntentState = (typeof intentStates)[number]

/** States in which nothing more comes of an intent by itself. */
export const closedStates: readonly IntentState[] = ['final', 'dropped', 'abandoned']

/** One effect on the chain, written down before anything is sent. */
export type Intent = {
  id: number
  /** Names the effect for good: planning the same key again changes nothing. */
  key: string
  kind: IntentKind
  state: IntentState
  to: Address
  data: Hex
  /** Gas limit; null to have it estimated when it is signed. */
  gas: bigint | null
  nonce: number | null
  /** Whether its nonce is to be spent on nothing instead. */
  isCancelled: boolean
  /** How often it was planned: once, and once more after each revert that was worth another try. */
  attempts: number
  /** Transaction that was mined, and where. */
  minedHash: Hash | null
  minedBlock: bigint | null
  /** Why it was dropped, abandoned, or planned again. */
  reason: string | null
  plannedAt: number
  updatedAt: number
}

/** What a caller says to plan an effect. */
export type IntentPlan = {
  key: string
  kind: IntentKind
  to: Address
  data: Hex
  /** Gas limit; left out to have it estimated. */
  gas?: bigint
  /** What the effect is about: no other unfinished or final intent of this kind may name one of them. */
  subjects: readonly string[]
}

/** A signed transaction that carries an intent, or spends its nonce on nothing. */
export type SignedTransaction = {
  hash: Hash
  intentId: number
  nonce: number
  raw: Hex
  isCancellation: boolean
  maxFeePerGas: bigint
  maxPriorityFeePerGas: bigint
  signedAt: number
  /** When a node last took it; null if none is known to have. */
  sentAt: number | null
}
