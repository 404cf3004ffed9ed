import { toReceiptJson } from '@assay/protocol/http'
import type { Hono } from 'hono'
import { getAddress, isAddress, isAddressEqual } from 'viem'

import { RequestError } from '../errors.ts'
import { anonymous } from '../keys/createKeys.ts'
import type { GatewayScene } from './createGateway.ts'

/** Adds the routes that show what was paid for. */
export function addReceiptRoutes(app: Hono, { journal, purse, authenticate }: GatewayScene): void {
  app.get('/receipts/:id', (context) => {
    const key = authenticate(context.req.raw)
    const id = context.req.param('id').toLowerCase()
    const found = journal.receipts.find(id)
    // A receipt tells what its buyer asked for: other keys learn not even that there is one.
    if (found === undefined || (key !== anonymous && found.key !== key)) {
      throw new RequestError(404, 'receipt_not_found', `There is no receipt ${id}.`)
    }
    return context.json(toReceiptJson(found.document))
  })
  app.get('/channels/:payer', (context) => {
    authenticate(context.req.raw)
    const payer = context.req.param('payer')
    if (purse === undefined || !isAddress(payer) || !isAddressEqual(payer, purse.payer)) {
      throw new RequestError(404, 'payer_not_found', `${payer} does not pay here.`)
    }
    const channels = purse.channels().map(({ operator, ...amounts }) => ({
      operator,
      ...Object.fromEntries(Object.entries(amounts).map(([name, value]) => [name, `${value}`])),
    }))
    return context.json({ payer: getAddress(payer), channels })
  })
}
