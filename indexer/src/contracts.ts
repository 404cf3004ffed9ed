import { ponder } from 'ponder:registry'
import { contract } from 'ponder:schema'

ponder.on('JobMarket:setup', async ({ context: { contracts, db } }) => {
  for (const [name, { address, startBlock }] of Object.entries(contracts)) {
    await db
      .insert(contract)
      .values({ name, address, startBlock: BigInt(startBlock) })
      .onConflictDoNothing()
  }
})
