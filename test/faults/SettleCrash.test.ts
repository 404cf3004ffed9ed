import { dirname, join } from 'node:path'
import { createIssuer, createTabReader, openJournal, systemClock } from '@assay/node'
import { receiptLedgerAbi } from '@assay/protocol'
import { receiptIdOf, receiptTree } from '@assay/protocol/receipt'
import { getTab } from '@assay/sdk'
import { erc20Abi, type Hash } from 'viem'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { stepsOf, surviveAll } from './support/ordeal.ts'
import { serveChain, writeConfig } from './support/processes.ts'
import { backReceipts, hire, serve } from './support/settling.ts'
import { accountAt, dollars } from './support/suite.ts'

const account = accountAt(2)
const payer = accountAt(5)
const [receipts, together] = [15, 3]

let chain: Awaited<ReturnType<typeof serveChain>>

beforeEach(async () => {
  chain = await serveChain()
})
afterEach(() => chain.stop())

function openOperatorJournal(config: string) {
  const { chainId, market } = chain.suite.deployment
  return openJournal({
    ...{ path: join(dirname(config), 'data', 'operator.sqlite'), clock: systemClock },
    owner: { chainId, market, account: account.address },
  })
}

/** Issues receipts as a daemon does, into the journal that it will find; returns their ids. */
async function issue(config: string): Promise<Hash[]> {
  const { deployment, chain: client } = chain.suite
  const { payment } = await hire(chain.suite, account, payer)
  const journal = openOperatorJournal(config)
  const where = { client, deployment, operator: account.address, clock: systemClock, journal }
  const issuer = createIssuer({
    ...{ ...where, tabs: createTabReader({ ...where, confirmations: 1, staleMs: 5_000 }) },
    sign: (id) => account.sign!({ hash: id }),
    fundTab: async () => false,
    observe: () => undefined,
  })
  const ids: Hash[] = []
  for (let i = 0; i < receipts; i++) {
    const { receipt } = await serve({ issuer }, payment)
    ids.push(receiptIdOf({ ...deployment, receipt }))
  }
  journal.close()
  return ids
}

function readEvents<name extends 'BatchSettled' | 'BatchReleased'>(eventName: name) {
  const { chain: client, deployment } = chain.suite
  const filter = { address: deployment.ledger, abi: receiptLedgerAbi, fromBlock: 0n }
  return client.getContractEvents({ ...filter, eventName })
}

test('behavior: an operator killed at every step of settling loses no receipt and collects none twice', async () => {
  const { suite } = chain
  const { deployment } = suite
  const { address } = account
  await backReceipts(suite, account)
  const config = await writeConfig({
    ...{ suite, account, rpcUrl: chain.url, port: 0 },
    overrides: { receipts: { batch: { count: together } } },
  })
  const ids = await issue(config)
  const before = await suite.chain.getTransactionCount({ address })
  await suite.chain.setAutomine(false)

  const batches = receipts / together
  const steps = [
    ...stepsOf('settle', ['planned', 'signed', 'broadcast', 'sent', 'mined', 'final']),
    'batchSettled',
    ...stepsOf('release', ['planned', 'signed', 'broadcast', 'sent', 'mined', 'final']),
  ]
  const last = async () => (await readEvents('BatchReleased')).length === batches
  await surviveAll(suite, 'operator', config, { steps, last, blocks: 300 })

  // Every receipt is a leaf of one batch, at the place where the journal says that it is.
  const settled = await readEvents('BatchSettled')
  const roots = Array.from(
    { length: batches },
    (_, i) => receiptTree(ids.slice(i * together, (i + 1) * together)).root,
  )
  expect(settled.map(({ args: { root } }) => root)).toEqual(roots)
  const journal = openOperatorJournal(config)
  const kept = ids.map((_, i) => journal.batches.of(i + 1))
  const pending = journal.batches.pending()
  journal.close()
  expect(kept.map((batch) => batch?.root)).toEqual(
    ids.map((_, i) => roots[Math.floor(i / together)]),
  )
  expect(pending).toEqual([])

  const paid = dollars(2 * receipts)
  const tab = await getTab(suite.clientOf(payer), { deployment, operator: address })
  expect(tab.spent).toBe(paid)
  const balance = await suite.chain.readContract({
    ...{ address: deployment.token, abi: erc20Abi, functionName: 'balanceOf' },
    args: [address],
  })
  expect(balance).toBe(dollars(1_000) + paid)
  // One transaction settles a batch, one releases it.
  expect(await suite.chain.getTransactionCount({ address })).toBe(before + 2 * batches)
}, 240_000)
