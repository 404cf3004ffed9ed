/** What tokens in escrow are for: they are taken from there, and rewards, refunds and bonds are credited there. */
export const fundsUses = ['fees', 'bonds', 'audits', 'receipts'] as const

export type FundsUse = (typeof fundsUses)[number]
