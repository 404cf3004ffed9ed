import type { SignedOrder } from '@assay/protocol/http'
import { type Address, isAddressEqual } from 'viem'

import type { Channel } from '../journal/createChannels.ts'
import type { IssuerContext } from './createIssuer.ts'
import type { Tab } from './createTabReader.ts'
import type { Place } from './createUnderWay.ts'
import { type ChannelNumbers, type VoucherRefusal, VoucherRefusedError } from './errors.ts'
import type { Payment } from './issuer.ts'

/** Plans to carry out a tab order; returns whether that is under way. */
export type FundTab = (order: SignedOrder) => Promise<boolean>

export type RequireFundsParameters = {
  payer: Address
  quote: bigint
  payment: Extract<Payment, { kind: 'tab' }>
  place: Place
}

/**
 * Reserves a quote if voucher and tab both cover it after everything that was answered and is being answered. Throws
 * `VoucherRefusedError` with the numbers, or `ChainUnknownError`.
 */
export async function requireFunds(
  context: IssuerContext,
  parameters: RequireFundsParameters,
): Promise<void> {
  const { journal, tabs, underWay } = context
  const { payer, quote, payment, place } = parameters
  const state = () => {
    const channel = journal.channels.read(payer)
    const reserved = underWay.reserved(payer)
    return { channel, reserved, needed: channel.cumulativeFee + reserved + quote }
  }
  let now = state()
  requireCap(now.channel, now.needed, numbersOf(now.channel, now.reserved, quote))
  for (;;) {
    const { needed } = now
    const tab = await tabs.read(payer, needed)
    // While the tab was read, others of the channel were admitted and answered.
    now = state()
    const numbers = numbersOf(now.channel, now.reserved, quote)
    requireCap(now.channel, now.needed, numbers)
    if (tab.thawedAt === 0n && tab.funded >= now.needed) return place.reserve(quote)
    const isReadFor = tab.thawedAt !== 0n || now.needed <= needed
    if (isReadFor) return refuseTab(context, { ...now, tab, numbers, order: payment.order })
  }
}

function numbersOf(channel: Channel, reserved: bigint, quote: bigint): ChannelNumbers {
  const { sequence, cumulativeFee } = channel
  return { quote, sequence, cumulativeFee, reserved }
}

/** The voucher that is collected by is the one with the highest cap, whichever the request shows. */
function requireCap({ voucher }: Channel, needed: bigint, numbers: ChannelNumbers) {
  const cap = voucher?.cap ?? 0n
  if (cap >= needed) return
  throw refusal('voucher_short', `The voucher covers ${cap}, and ${needed} is needed.`, numbers)
}

type RefuseTabParameters = {
  tab: Tab
  needed: bigint
  numbers: ChannelNumbers
  order: SignedOrder | undefined
}

/** Throws why a tab does not do; has an order carried out that would help. */
async function refuseTab(context: IssuerContext, parameters: RefuseTabParameters): Promise<never> {
  const { tab, needed, numbers, order } = parameters
  if (tab.thawedAt !== 0n) {
    throw refusal('tab_thawing', `The payer takes its tab back at ${tab.thawedAt}.`, numbers)
  }
  const isUnderWay = order !== undefined && (await tryFund(context, order, parameters))
  const reason = `The tab was funded with ${tab.funded}, and ${needed} is needed.`
  const more = isUnderWay ? ' The order is being carried out.' : ''
  throw refusal('tab_short', `${reason}${more}`, numbers)
}

async function tryFund(
  { fundTab, operator }: IssuerContext,
  order: SignedOrder,
  { tab, needed }: RefuseTabParameters,
) {
  const isOurs = isAddressEqual(order.operator, operator) && order.epoch === tab.epoch
  return isOurs && order.total > tab.funded && order.total >= needed && fundTab(order)
}

function refusal(code: VoucherRefusal, reason: string, numbers: ChannelNumbers) {
  return new VoucherRefusedError(code, reason, numbers)
}
