import { createHash, timingSafeEqual } from 'node:crypto'

import { RequestError } from '../errors.ts'
import type { Journal } from '../journal/openJournal.ts'
import type { Clock } from '../support/clock.ts'

export const periods = ['hour', 'day', 'month', 'total'] as const

export type Period = (typeof periods)[number]

/** What a client's key may do. */
export type ApiKey = {
  name: string
  /** SHA-256 of the key. */
  hash: Uint8Array
  /** Token units that it may spend in a period; undefined for as many as the payer has. */
  budget: { amount: bigint; per: Period } | undefined
}

export type CreateKeysDependencies = {
  /** Without any, everybody may ask, as `anonymous`. */
  keys: readonly ApiKey[]
  journal: Pick<Journal, 'spending'>
  clock: Pick<Clock, 'now'>
}

/** A part of a budget set aside for one attempt. */
export type Share = { settle: (fee: bigint) => void; release: () => void }

/** Name under which requests without a key are counted, where none is needed. */
export const anonymous = 'anonymous'

/** Name under which requests are counted that are paid one by one (x402). No key is called so. */
export const wallet = 'x402'

/** Who may ask, and for how much. */
export type Keys = ReturnType<typeof createKeys>

export function createKeys({ keys, journal, clock }: CreateKeysDependencies) {
  const budgets = new Map(keys.map(({ name, budget }) => [name, budget]))
  const reserved = new Map<string, bigint>()
  const spent = new Map<string, bigint>()

  const periodOf = (name: string) => nameOfPeriod(budgets.get(name)?.per ?? 'total', clock.now())
  function spentBy(name: string) {
    const place = `${name}\n${periodOf(name)}`
    const amount = spent.get(place) ?? journal.spending.of(name, periodOf(name))
    spent.set(place, amount)
    return amount
  }
  const change = (name: string, by: bigint) => reserved.set(name, (reserved.get(name) ?? 0n) + by)

  function spend(name: string, fee: bigint) {
    const amount = spentBy(name) + fee
    spent.set(`${name}\n${periodOf(name)}`, amount)
    void journal.spending.put(name, periodOf(name), amount)
  }

  function left(name: string): bigint | undefined {
    const budget = budgets.get(name)
    return budget && budget.amount - spentBy(name) - (reserved.get(name) ?? 0n)
  }

  return {
    /** Returns whose key it is; throws `RequestError`. */
    authenticate(authorization: string | undefined): string {
      if (keys.length === 0) return anonymous
      const name = nameOf(keys, authorization)
      if (name !== undefined) return name
      throw new RequestError(401, 'invalid_api_key', 'The API key is missing or unknown.')
    },
    /** Returns whose key it is; undefined for who comes without one that is known. */
    find: (authorization: string | undefined) => nameOf(keys, authorization),
    /** Token units that a key may still spend; undefined for no limit. */
    left,
    /** Counts a fee that was due without having been reserved. */
    spend,
    spentBy,
    /** Names that requests are counted under. */
    names: () => [...(keys.length === 0 ? [anonymous] : keys.map(({ name }) => name)), wallet],
    /** Sets a quote aside; undefined if the budget does not cover it. */
    reserve(name: string, quote: bigint): Share | undefined {
      const available = left(name)
      if (available !== undefined && quote > available) return undefined
      change(name, quote)
      let isOpen = true
      const end = () => {
        if (isOpen) change(name, -quote)
        isOpen = false
      }
      return {
        release: end,
        settle(fee) {
          if (isOpen && fee > 0n) spend(name, fee)
          end()
        },
      }
    },
  }
}

/** Takes as long for a key that is nearly right as for any other. */
function nameOf(keys: readonly ApiKey[], authorization: string | undefined): string | undefined {
  const [scheme, given = ''] = authorization?.split(' ') ?? []
  const digest = createHash('sha256').update(given).digest()
  const found = keys.filter(({ hash }) => timingSafeEqual(hash, digest))
  return scheme?.toLowerCase() === 'bearer' ? found[0]?.name : undefined
}

function nameOfPeriod(period: Period, now: number) {
  const iso = new Date(now).toISOString()
  return { hour: iso.slice(0, 13), day: iso.slice(0, 10), month: iso.slice(0, 7), total: 'total' }[
    period
  ]
}
