import { audit } from 'ponder:schema'
import type { Hash } from 'viem'

import { type Account, held, payer } from './lib/accounts.ts'
import { post } from './lib/ledger.ts'
import { type Handled, on } from './lib/on.ts'

type AuditRow = typeof audit.$inferSelect

on('Audits:AuditOrdered', async ({ event, db, at, id: position }) => {
  const { id, jobId, orderer, model, ratePpm, reward } = event.args
  const contract = event.log.address
  const terms = { job: jobId, version: model, orderer, ratePpm: BigInt(ratePpm), reward }
  await db
    .insert(audit)
    .values({ id, contract, ...terms, status: 'Ordered', ...at })
    .onConflictDoNothing()
  await post(db, { at, id: position, event: 'AuditOrdered', job: jobId }, [
    { from: payer(orderer, contract), to: held(contract), amount: reward },
  ])
})

on('Audits:AuditOpened', async ({ event, db, at }) => {
  const { id, claimId, seedBlock, confirmUntil } = event.args
  const opened = { status: 'Opened', claimId, seedBlock, confirmUntil, openedAt: at.time } as const
  await db.update(audit, { id }).set(opened)
})

on('Audits:AuditConfirmed', async ({ event, db, at }) => {
  const { id, auditor, liability } = event.args
  const confirmed = { status: 'Confirmed', auditor, liability, confirmedAt: at.time } as const
  await db.update(audit, { id }).set(confirmed)
})

on('Audits:AuditPaid', async (handled) => {
  const { id, payout, reward } = handled.event.args
  const to = payer(payout, handled.event.log.address)
  await endAudit(handled, id, { status: 'Paid', payout }, { to, amount: reward })
})

on('Audits:AuditSlashed', async (handled) => {
  const { id, orderer, slashed, refund } = handled.event.args
  const to = payer(orderer, handled.event.log.address)
  await endAudit(handled, id, { status: 'Slashed', slashed, refund }, { to, amount: refund })
})

on('Audits:AuditReturned', async (handled) => {
  const { id, orderer, refund } = handled.event.args
  const to = payer(orderer, handled.event.log.address)
  await endAudit(handled, id, { status: 'Returned', refund }, { to, amount: refund })
})

type EndingEvents = `Audits:${'AuditPaid' | 'AuditSlashed' | 'AuditReturned'}`
type AuditEnd = Partial<AuditRow> & { status: 'Paid' | 'Slashed' | 'Returned' }

/** Ends an audit and gives the reward that was held for it to whom it belongs. */
async function endAudit(
  { db, at, id: position, event }: Handled<EndingEvents>,
  id: Hash,
  end: AuditEnd,
  { to, amount }: { to: Account; amount: bigint },
) {
  const { job } = await db.update(audit, { id }).set({ ...end, endedAt: at.time })
  const movement = { at, id: position, event: `Audit${end.status}`, job }
  await post(db, movement, [{ from: held(event.log.address), to, amount }])
}
