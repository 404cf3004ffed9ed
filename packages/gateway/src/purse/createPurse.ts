import type { ReceiptDocument } from '@assay/protocol/http'
import { headers } from '@assay/protocol/http'
import { type Address, getAddress, type Hash, isAddressEqual } from 'viem'

import type { Upstream } from '../catalog/upstream.ts'
import { ChannelError, ExposureError } from '../errors.ts'
import type { Transport } from '../upstream/transport.ts'
import { type Account, type CreateAccountDependencies, createAccount } from './createAccount.ts'
import { ContradictionError } from './createChannel.ts'
import type { Hold, Purse, ReserveParameters, Shortage } from './purse.ts'
import { readReceipts } from './readReceipts.ts'

export type CreatePurseDependencies = CreateAccountDependencies & {
  journal: CreateAccountDependencies['journal'] & {
    attempts: { keyOf: (request: Hash) => string | undefined }
  }
  transport: Transport
  /** Milliseconds that an operator has to tell what it holds. */
  timeoutMs: number
  /** Checks who signed a receipt and what it claims; throws. */
  check: (document: ReceiptDocument, upstream: Upstream) => Promise<void>
  /** Returns how often a tab was closed; absent where no chain is asked. */
  epochOf?: ((operator: Address) => Promise<number>) | undefined
  /** Told of a receipt that was found with its operator, for whoever's budget it is on. */
  recovered: (key: string, fee: bigint) => void
}

/** Milliseconds that a gap between receipts has to close by itself. */
const gapMs = 500

/** Creates what pays operators. What it signed before is in the journal. */
export function createPurse(dependencies: CreatePurseDependencies): Purse {
  const { journal, payer, observe } = dependencies
  const rows = new Map(journal.channels.all().map((row) => [getAddress(row.operator), row]))
  const accounts = new Map<Address, Account>()
  const opened = new Map<Address, Promise<void>>()
  /** Operators that signed what cannot be. */
  const distrusted = new Map<Address, ChannelError>()
  /** Operators whose gap is looked after. */
  const closing = new Set<Address>()

  function accountOf(operator: Address) {
    const found = accounts.get(operator)
    if (found !== undefined) return found
    const account = createAccount(dependencies, operator, rows.get(operator))
    accounts.set(operator, account)
    return account
  }

  /** What was under way when the process ended may have been answered since: the operator is asked before it is paid. */
  function open(upstream: Upstream, operator: Address) {
    const { epochOf } = dependencies
    const known = opened.get(operator)
    if (known !== undefined) return known
    const opening = (async () => {
      const account = accountOf(operator)
      if (epochOf !== undefined) {
        account.noteEpoch(await epochOf(operator).catch(() => account.epoch()))
      }
      if (rows.has(operator)) await resync(upstream).catch(rethrowChannelError)
    })()
    opened.set(operator, opening)
    return opening
  }

  async function reserve({ upstream, offer, operator, quote }: ReserveParameters): Promise<Hold> {
    if (quote === 0n && offer.payments.includes('free')) return freeHold(quote)
    if (!offer.payments.includes('tab')) {
      throw new ExposureError(`${operator} takes no vouchers.`)
    }
    await open(upstream, operator)
    const contradiction = distrusted.get(operator)
    if (contradiction !== undefined) throw contradiction
    const account = accountOf(operator)
    const signed = account.reserve(quote)
    let isHeld = true
    const release = () => {
      if (isHeld) account.release(quote)
      isHeld = false
    }
    try {
      const [voucher, order] = await Promise.all([signed.voucher, signed.order])
      return {
        quote,
        headers: { [headers.voucher]: voucher, ...(order && { [headers.order]: order }) },
        async accept(document, about) {
          try {
            const taken = take(account, document, about)
            if (account.channel.hasGap()) closeGap(upstream, account)
            return taken
          } finally {
            release()
          }
        },
        release,
      }
    } catch (error) {
      release()
      throw error
    }
  }

  const freeHold = (quote: bigint): Hold => ({
    ...{ quote, headers: {}, release: () => undefined },
    async accept(document, about) {
      void journal.receipts.put(document, about)
      return { isRepeated: false }
    },
  })

  function take(
    account: Account,
    document: ReceiptDocument,
    about: { request?: Hash; key?: string },
  ) {
    const { receipt } = document
    requireOurs(document, account.channel.operator)
    try {
      const added = account.channel.add(document, account.cap())
      if (added.kind === 'repeated') return { isRepeated: true }
      const { sequence, fee, operator } = receipt
      const { key } = about
      // Nobody waits for this: a receipt that gets lost here is asked for again.
      void journal.receipts.put(document, about).then(() => {
        observe({ kind: 'receipt_recorded', operator, receipt: added.id, sequence, fee, key })
      })
      return { isRepeated: false }
    } catch (error) {
      if (error instanceof ContradictionError) keep(error, receipt.operator)
      throw error
    }
  }

  function keep({ about, shortMessage, documents }: ContradictionError, operator: Address) {
    journal.receipts.keepEvidence(operator, about, shortMessage, documents)
    observe({ kind: 'evidence_kept', operator, about, reason: shortMessage })
  }

  /** Answers overtake each other, so a gap is given time to close by itself; then the operator is asked for it. */
  function closeGap(upstream: Upstream, account: Account) {
    const { operator } = account.channel
    if (closing.has(operator)) return
    const timer = setTimeout(async () => {
      closing.delete(operator)
      if (!account.channel.hasGap()) return
      try {
        await resync(upstream)
        if (!account.channel.hasGap()) return
        const reason = `${operator} shows no receipt ${account.channel.complete() + 1n}.`
        journal.receipts.keepEvidence(operator, 'gap', reason, [])
        observe({ kind: 'evidence_kept', operator, about: 'gap', reason })
        distrusted.set(operator, new ChannelError(reason))
      } catch (error) {
        if (error instanceof ChannelError) distrusted.set(operator, error)
      }
    }, gapMs)
    timer.unref()
    closing.add(operator)
  }

  function requireOurs({ chainId, ledger, receipt }: ReceiptDocument, operator: Address) {
    const isOurs =
      chainId === dependencies.chainId &&
      isAddressEqual(ledger, dependencies.ledger) &&
      isAddressEqual(receipt.payer, payer.payer) &&
      isAddressEqual(receipt.operator, operator)
    if (!isOurs) throw new ChannelError(`The receipt is for another channel than ${operator}'s.`)
  }

  async function resync(upstream: Upstream, shortage?: Shortage) {
    const operator = upstream.operator!
    const account = accountOf(operator)
    const { transport, timeoutMs, check, recovered } = dependencies
    const after = account.channel.complete()
    const request = { upstream, payer: payer.payer, after, transport, timeoutMs }
    const documents = await readReceipts(request)
    let count = 0
    for (const document of documents.toSorted(bySequence)) {
      await check(document, upstream)
      const { claim, receipt } = document
      const key = claim && journal.attempts.keyOf(claim.requestId)
      const about = { ...(claim && { request: claim.requestId }), ...(key && { key }) }
      const { isRepeated } = take(account, document, about)
      if (isRepeated) continue
      count += 1
      if (key !== undefined) recovered(key, receipt.fee)
    }
    if (shortage !== undefined) noteShortage(account, shortage)
    observe({ kind: 'channel_resynced', operator, receipts: count })
  }

  function noteShortage(account: Account, { cumulativeFee, reserved }: Shortage) {
    const owed = account.channel.owed()
    if (cumulativeFee > owed) {
      const { operator } = account.channel
      throw new ChannelError(`${operator} claims ${cumulativeFee} and shows receipts of ${owed}.`)
    }
    account.noteReserved(reserved)
  }

  for (const operator of rows.keys()) accountOf(operator)
  return {
    payer: payer.payer,
    reserve,
    resync,
    channels: () => [...accounts.values()].map((account) => account.state()),
  }
}

function bySequence(a: ReceiptDocument, b: ReceiptDocument) {
  return a.receipt.sequence < b.receipt.sequence ? -1 : 1
}

/** An operator that cannot be reached will not be paid either; one that contradicts itself must not be. */
function rethrowChannelError(error: unknown) {
  if (error instanceof ChannelError) throw error
}
