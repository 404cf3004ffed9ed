import { isAddressEqual } from 'viem'

import { clearing, held, payer, wallet } from './lib/accounts.ts'
import { post } from './lib/ledger.ts'
import { on } from './lib/on.ts'

// `debit` and `credit` emit nothing: the spenders' handlers post what they move.

on('Escrow:Deposited', async ({ event: { args }, db, at, id }) => {
  const to = payer(args.payer, args.spender)
  const from = wallet('Escrow', args.from)
  await post(db, { at, id, event: 'Deposited' }, [{ from, to, amount: args.amount }])
})

on('Escrow:Withdrawn', async ({ event: { args }, db, at, id }) => {
  const from = payer(args.payer, args.spender)
  const to = wallet('Escrow', args.to)
  await post(db, { at, id, event: 'Withdrawn' }, [{ from, to, amount: args.amount }])
})

on('Escrow:Moved', async ({ event: { args }, db, at, id }) => {
  const from = payer(args.payer, args.from)
  const to = payer(args.payer, args.to)
  await post(db, { at, id, event: 'Moved' }, [{ from, to, amount: args.amount }])
})

on('Escrow:Paid', async ({ event: { args }, context, db, at, id }) => {
  // Market and ledger say first what they pay; of other spenders nothing is known but that they pay out of their pool.
  const { JobMarket, ReceiptLedger } = context.contracts
  const isTold = [JobMarket, ReceiptLedger].some(({ address }) =>
    isAddressEqual(args.spender, address),
  )
  const from = isTold ? clearing(args.spender) : held(args.spender)
  const to = wallet('Escrow', args.to)
  await post(db, { at, id, event: 'Paid' }, [{ from, to, amount: args.amount }])
})
