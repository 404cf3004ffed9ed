import type { ReceiptDocument } from '@assay/protocol/http'
import type { Hash } from 'viem'

import { ChannelError, ExposureError, RequestError } from '../errors.ts'
import type { Keys } from '../keys/createKeys.ts'
import type { Hold, Purse } from '../purse/purse.ts'
import { AttemptError } from './failure.ts'
import type { Rated } from './rank.ts'

export type OpenChargeDependencies = { keys: Pick<Keys, 'reserve'>; purse: Purse | undefined }

/** What one attempt may cost, set aside with the operator and in the key's budget. */
export type Charge = {
  quote: bigint
  /** Headers that pay. */
  headers: Readonly<Record<string, string>>
  /** Pays by a receipt that was checked. Throws `AttemptError`. */
  accept: (document: ReceiptDocument) => Promise<void>
  /** Counts what an answer without a receipt costs. */
  count: (fee: bigint) => void
  /** Nothing is due. Does nothing after `accept` or `count`. */
  release: () => void
}

/** Sets aside what an attempt may cost; throws `AttemptError`, or `RequestError` if the key's budget is used up. */
export async function openCharge(
  { keys, purse }: OpenChargeDependencies,
  rated: Rated,
  { request, key }: { request: Hash; key: string },
): Promise<Charge> {
  const { quote } = rated
  const share = keys.reserve(key, quote)
  if (share === undefined) throw budgetError(key)
  let hold: Hold | undefined
  try {
    hold = await holdFor(purse, rated)
  } catch (error) {
    share.release()
    if (error instanceof ExposureError) throw unpayable(error)
    if (error instanceof ChannelError) throw invalid(error)
    throw error
  }
  return {
    ...{ quote, headers: hold?.headers ?? {}, count: share.settle },
    async accept(document) {
      try {
        const { isRepeated } = (await hold?.accept(document, { request, key })) ?? {}
        share.settle(isRepeated ? 0n : document.receipt.fee)
      } catch (error) {
        share.release()
        throw error instanceof ChannelError ? invalid(error) : error
      }
    },
    release() {
      share.release()
      hold?.release()
    },
  }
}

async function holdFor(purse: Purse | undefined, { upstream, offer, quote }: Rated) {
  const { operator } = upstream
  if (operator === undefined) return undefined
  if (purse !== undefined) return purse.reserve({ upstream, offer, operator, quote })
  if (offer.payments.includes('free') || quote === 0n) return undefined
  throw new ExposureError(`${operator} wants to be paid, and no payer is configured.`)
}

const unpayable = (cause: ExposureError) =>
  new AttemptError('unpayable', cause.shortMessage, { cause })

/** Returns what it means that a receipt is not what it has to be. */
export function invalid(cause: Error): AttemptError {
  return new AttemptError('invalid_receipt', cause.message.split('\n')[0]!, { cause })
}

/** Returns what a client is told whose budget is used up. */
export function budgetError(key: string): RequestError {
  return new RequestError(429, 'insufficient_quota', `The budget of the key ${key} is used up.`, {
    type: 'insufficient_quota',
    headers: { 'x-should-retry': 'false' },
  })
}
