import type { ReceiptDocument } from '@assay/protocol/http'
import type { Address } from 'viem'

import { ExposureError } from '../errors.ts'
import type { Observe } from '../events.ts'
import type { ChannelRow, Journal } from '../journal/openJournal.ts'
import { createChannel } from './createChannel.ts'
import type { Payer, PursePolicy } from './purse.ts'
import { signOrder, signVoucher } from './signVoucher.ts'

export type CreateAccountDependencies = {
  chainId: number
  ledger: Address
  payer: Payer
  policy: PursePolicy
  journal: Pick<Journal, 'channels' | 'receipts'>
  observe: Observe
}

/** What the payer owes one operator, has reserved with it, and has signed for it. */
export type Account = ReturnType<typeof createAccount>

/** Creates the account with an operator as the journal left it. */
export function createAccount(
  dependencies: CreateAccountDependencies,
  operator: Address,
  row: ChannelRow | undefined,
) {
  const { payer, policy, journal, observe } = dependencies
  const kept = journal.receipts.of(operator)
  const find = (sequence: bigint): ReceiptDocument | undefined =>
    journal.receipts.of(operator).find(({ receipt }) => receipt.sequence === sequence)
  const channel = createChannel(operator, kept, find)
  const ledger = { chainId: dependencies.chainId, ledger: dependencies.ledger }
  const signed = {
    operator,
    cap: row?.cap ?? 0n,
    ordered: row?.ordered ?? 0n,
    epoch: row?.epoch ?? 0,
  }
  let reserved = 0n
  /** What the operator counts as under way beyond what is here: requests that it does not know to be called off. */
  let elsewhere = 0n
  let voucher: Promise<string> | undefined
  let order: Promise<string> | undefined

  const needFor = (quote: bigint) => channel.owed() + elsewhere + reserved + quote

  function requireAllowed(need: bigint) {
    const most = [channel.owed() + policy.exposure, payer.session?.cap, policy.tab?.max]
    for (const limit of most) {
      if (limit !== undefined && need > limit) {
        throw new ExposureError(`${operator} would be due up to ${need}, which is over ${limit}.`)
      }
    }
    return most.reduce<bigint>(
      (least, limit) => (limit !== undefined && limit < least ? limit : least),
      need + policy.voucherStep,
    )
  }

  /** Signs no more than the policy allows, and writes down what before it is signed. */
  function raiseCap(need: bigint) {
    const most = requireAllowed(need)
    if (need > signed.cap) {
      signed.cap = most
      journal.channels.put(signed)
      observe({ kind: 'cap_recorded', operator, cap: signed.cap })
      voucher = undefined
    }
    voucher ??= signVoucher(payer, { ledger, operator, cap: signed.cap })
    return voucher
  }

  function raiseOrder(need: bigint) {
    const { tab } = policy
    if (tab === undefined || payer.session !== undefined) return undefined
    if (need > signed.ordered) {
      const steps = (need + tab.step - 1n) / tab.step
      const total = steps * tab.step
      signed.ordered = total < tab.max ? total : tab.max
      journal.channels.put(signed)
      observe({ kind: 'order_recorded', operator, total: signed.ordered })
      order = undefined
    }
    order ??= signOrder(payer, { ledger, operator, total: signed.ordered, epoch: signed.epoch })
    return order
  }

  return {
    channel,
    /** Sets a quote aside; throws `ExposureError`. */
    reserve(quote: bigint) {
      const need = needFor(quote)
      const headers = { voucher: raiseCap(need), order: raiseOrder(need) }
      reserved += quote
      return headers
    },
    release(quote: bigint) {
      reserved -= quote
    },
    /** Notes what the operator counts as under way, of which `reserved` is ours. */
    noteReserved(atOperator: bigint) {
      elsewhere = atOperator > reserved ? atOperator - reserved : 0n
    },
    /** Notes that the tab was closed and opened again since; orders of before count for nothing. */
    noteEpoch(epoch: number) {
      if (epoch === signed.epoch) return
      signed.epoch = epoch
      signed.ordered = 0n
      order = undefined
    },
    cap: () => signed.cap,
    epoch: () => signed.epoch,
    state: () => ({
      operator,
      owed: channel.owed(),
      reserved,
      cap: signed.cap,
      ordered: signed.ordered,
    }),
  }
}
