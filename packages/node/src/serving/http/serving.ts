import type { Task } from '@assay/protocol/http'
import type { Paywall, SettledPayment, VerifiedPayment } from '@assay/x402'
import type { Address, Hash } from 'viem'

import type { Issuer } from '../../receipts/issuer.ts'
import type { Clock } from '../../support/clock.ts'
import type { ByteBudget } from '../createByteBudget.ts'
import type { Limiter } from '../createLimiter.ts'
import type { ServedRequest } from '../servedBackend.ts'
import type { ServedModel } from '../servedModel.ts'
import type { Terms } from './readTerms.ts'

/** Bounds of what is taken in. */
export type ServingLimits = {
  /** Most bytes of a request's body. */
  maxBodyBytes: number
  /** Deepest nesting of a request's JSON. */
  maxDepth: number
  /** Milliseconds of silence in a stream after which a comment keeps its connection alive. */
  keepAliveMs: number
}

/** Something that serving did or saw. */
export type ServingEvent =
  | { type: 'begun'; model: string; task: Task }
  /** `status` 0: the client went away. */
  | { type: 'ended'; model: string; task: Task; status: number; durationMs: number }
  | { type: 'firstToken'; model: string; ms: number }
  | { type: 'issued'; model: string; unitsIn: bigint; unitsOut: bigint; fee: bigint }
  | { type: 'upstreamFailed'; model: string; failure: string; error: unknown }
  /** Something that nobody foresaw. */
  | { type: 'servingFailed'; requestName: string; error: unknown }

export type ServingDependencies = {
  operator: Address
  models: readonly ServedModel[]
  issuer: Issuer
  /** Sells single answers to whoever has a wallet; absent where that is not offered. */
  paywall?: Paywall | undefined
  limiter: Limiter
  /** What bodies may hold together until their answers begin. */
  bodies: ByteBudget
  /** Whether only what is under way is finished. */
  isDraining: () => boolean
  limits: ServingLimits
  clock: Clock
  /** Returns 32 random bytes. */
  random: () => Hash
  observe: (event: ServingEvent) => void
}

/** A request on its way through. */
export type Asked = {
  request: ServedRequest
  terms: Terms
  model: ServedModel
  quote: bigint
  /** URL that was asked. */
  url: string
  /** Value of the header `PAYMENT-SIGNATURE` (x402). */
  signature: string | undefined
  /** What pays for it, if no tab does: checked, and made before anything is sent. */
  sale?: VerifiedPayment | undefined
  /** The same, once it is made. */
  settled?: SettledPayment | undefined
  /** When it came, in elapsed milliseconds. */
  startedAt: number
  /** Aborts when the client goes away. */
  abort: AbortController
}
