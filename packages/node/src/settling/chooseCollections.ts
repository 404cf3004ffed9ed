import { receiptLedgerAbi } from '@assay/protocol'
import type { VoucherCollection } from '@assay/protocol/receipt'

import { nextTimestamp, type SeenHead } from '../daemon/blockClock.ts'
import type { Channel } from '../journal/createChannels.ts'
import type { SettlingContext } from './settling.ts'

const ppm = 1_000_000n

/** Returns what is collected with the receipts up to `last`, by what the ledger holds at the newest block. */
export async function chooseCollections(
  context: SettlingContext,
  head: SeenHead,
  last: number,
): Promise<VoucherCollection[]> {
  const { journal, batchPolicy, tellShort } = context
  const channels = journal.channels
    .due()
    .filter(({ voucher, refusal }) => voucher !== undefined && refusal === undefined)
    .toSorted((a, b) => Number(owed(b) - owed(a)))
  let room = await roomOf(context, head)
  const free = room
  let wanted = 0n
  const chosen: VoucherCollection[] = []
  for (const channel of channels) {
    if (chosen.length >= batchPolicy.maxCollections) break
    const limit = await limitOf(context, channel, head)
    if (limit === undefined) continue
    const whole = limit.most - limit.spent
    if (whole < batchPolicy.collectMinimum) continue
    wanted += whole
    const most = whole <= room ? limit.most : limit.spent + room
    const found = journal.receipts.upTo(channel.payer, most, last)
    const { cumulativeFee = 0n, sequence = 0n } = found?.document.receipt ?? {}
    if (cumulativeFee <= limit.spent) continue
    room -= cumulativeFee - limit.spent
    const { voucher, isContract } = channel
    chosen.push({ voucher: voucher!, sequence, cumulativeFee, isContract })
  }
  if (wanted > free) tellShort({ free, wanted })
  return chosen
}

export function owed({ cumulativeFee, collected }: Channel): bigint {
  return cumulativeFee - collected
}

/** Most that a batch may collect: what it collects is backed by stake that is pledged and not reserved. */
async function roomOf(
  { client, deployment, operator, terms }: SettlingContext,
  head: SeenHead,
): Promise<bigint> {
  const { pledged, reserved } = await client.readContract({
    ...{ address: deployment.ledger, abi: receiptLedgerAbi, functionName: 'pledgeOf' },
    ...{ args: [operator], blockNumber: head.number },
  })
  const free = pledged - reserved
  return free < terms.stakeFloor ? 0n : (free * ppm) / terms.stakeRatioPpm
}

/** Returns up to where a channel can be collected, and is; nothing where it can not be at all. */
async function limitOf(context: SettlingContext, channel: Channel, head: SeenHead) {
  const { client, clock, deployment, journal, operator, observe } = context
  const { payer, voucher } = channel
  const tab = await client.readContract({
    ...{ address: deployment.ledger, abi: receiptLedgerAbi, functionName: 'tabOf' },
    ...{ args: [payer, operator], blockNumber: head.number },
  })
  const next = nextTimestamp(head, clock)
  if (tab.thawedAt !== 0n && tab.thawedAt <= next) return undefined
  const { session, cap } = voucher!
  if (session !== undefined && session.expiry <= next) {
    const reason = 'SessionRefused'
    journal.channels.write({ ...channel, refusal: reason })
    observe({ type: 'collectionRefused', payer, reason })
    return undefined
  }
  const limits = [channel.cumulativeFee, cap, tab.funded]
  const most = limits.reduce((least, limit) => (limit < least ? limit : least))
  return { most, spent: tab.spent }
}
