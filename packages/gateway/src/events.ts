import type { Address, Hash } from 'viem'

import type { FailureKind } from './router/failure.ts'

/** What a gateway tells whoever watches it. No event holds keys, vouchers or contents. */
export type GatewayEvent =
  | { kind: 'attempt_started'; request: Hash; upstream: string; model: string }
  /** It lasts that the upstream is asked; a request without a name does not wait for that. */
  | { kind: 'attempt_recorded'; request: Hash; upstream: string }
  | {
      kind: 'attempt_ended'
      request: Hash
      upstream: string
      model: string
      outcome: 'answered' | FailureKind
      elapsedMs: number
      detail?: string | undefined
    }
  | { kind: 'first_token'; upstream: string; model: string; elapsedMs: number }
  | { kind: 'failed_over'; request: Hash; upstream: string; failure: FailureKind }
  | { kind: 'hedged'; request: Hash; upstream: string }
  | { kind: 'breaker_changed'; upstream: string; state: 'closed' | 'half_open' | 'open' }
  | { kind: 'cooled_down'; upstream: string; forMs: number }
  /** Somebody has to do something: pay a bill, mend a key, look at evidence. */
  | { kind: 'disabled'; upstream: string; failure: FailureKind; reason: string }
  | { kind: 'cap_recorded'; operator: Address; cap: bigint }
  | { kind: 'order_recorded'; operator: Address; total: bigint }
  | {
      kind: 'receipt_recorded'
      operator: Address
      receipt: Hash
      sequence: bigint
      fee: bigint
      key: string | undefined
    }
  | { kind: 'evidence_kept'; operator: Address; about: string; reason: string }
  | { kind: 'channel_resynced'; operator: Address; receipts: number }
  | { kind: 'answer_recorded'; request: Hash }
  | { kind: 'catalog_refreshed'; upstreams: number; models: number; source: string }
  | { kind: 'catalog_failed'; subject: string; reason: string }
  /** Somebody without a key paid for one answer; `payment` is the id of the payment. */
  | { kind: 'payment_settled'; payment: Hash; payer: Address; amount: bigint }
  /** A sealed request was carried to an operator: `answered`, `refused`, or how it failed. */
  | {
      kind: 'relayed'
      operator: Address
      outcome: 'answered' | 'refused' | FailureKind
      elapsedMs: number
    }
  | { kind: 'request_ended'; task: string; status: number; elapsedMs: number; key: string }

export type Observe = (event: GatewayEvent) => void
