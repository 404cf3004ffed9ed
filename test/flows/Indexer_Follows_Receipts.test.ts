import { hashOutcomes, receiptTree } from '@assay/protocol/receipt'
import { pathOf } from '@assay/protocol/tree'
import { dollars, stakeOn } from '@assay/testing'
import { type Hex, hexToBigInt, keccak256, slice, toHex, zeroHash } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { deployWorld, networkHelpers, viem, type World } from './indexer/deployWorld.ts'
import { readTables } from './indexer/query.ts'
import { actor, collect, fee, issue, settleBatch } from './indexer/receiptActions.ts'
import { batchOfRow, readIndexedReceipts, readReceipts } from './indexer/receiptState.ts'
import { startWorldIndexer, type WorldIndexer } from './indexer/startWorldIndexer.ts'
import { readChain, readIndex } from './indexer/state.ts'

/*
 * The life of receipts, told to a chain and followed by an indexer. After each chapter what the contracts' views tell is
 * compared with the index, the ledger of accounts with the tokens held, and every batch of the index with the ring.
 */

const pledged = dollars(100)

let world: World
let indexer: WorldIndexer

async function expectSame() {
  await indexer.waitForHead()
  expect(await readIndexedReceipts(indexer.url)).toEqual(await readReceipts(world))
  expect(await readIndex(indexer.url)).toEqual(await readChain(world))
  const response = await fetch(`${indexer.url}/audit/balance`)
  expect(await response.json()).toMatchObject({ isBalanced: true, movements: '0', clearing: '0' })
  await expectSameBatches()
}

const batchColumns =
  'operator number index root count outcomesHash outcomes amount reserved settledAt status payout'

/** Every batch of the index is the one that the ledger keeps, word for word. */
async function expectSameBatches() {
  const { batchSettlements } = await readTables(indexer.url, { batchSettlements: batchColumns })
  for (const row of batchSettlements) {
    const status = await actor(world, 'outsider').getBatchStatus({ batch: batchOfRow(row) })
    expect(status).toBe(row.status)
    expect(keccak256(`${row.outcomes}` as Hex)).toBe(row.outcomesHash)
  }
}

beforeAll(async () => {
  world = await deployWorld()
  indexer = await startWorldIndexer(world)
}, 240_000)

afterAll(async () => {
  await indexer?.stop()
}, 30_000)

const chapter = (title: string, tell: () => Promise<void>) =>
  test(`behavior: ${title}`, { timeout: 240_000 }, async () => {
    await tell()
    await expectSame()
  })

const increase = (seconds: number) => networkHelpers.time.increase(seconds)

chapter('the terms are there from the first block', async () => {
  await indexer.waitForHead()
  const { receiptLedgers } = await readTables(indexer.url, {
    receiptLedgers: 'address stakeRatioPpm stakeFloor demandBond horizon tabThaw signerDelay',
  })
  expect(receiptLedgers).toEqual([
    {
      ...{ address: world.ledger.address.toLowerCase(), stakeRatioPpm: '2000000' },
      ...{ stakeFloor: `${dollars(1)}`, demandBond: `${dollars(2)}` },
      ...{ horizon: '200', tabThaw: '60', signerDelay: '30' },
    },
  ])
})

chapter('an operator pledges and names signers, payers fund tabs', async () => {
  const { ledger, operator } = world
  const amount = pledged + dollars(20)
  const stake = { model: zeroHash, source: ledger.address, amount }
  await stakeOn(world, networkHelpers, { ...stake, operators: ['operator'] })
  const by = actor(world, 'operator')
  await by.pledgeStake({ total: amount })
  await by.pledgeStake({ total: pledged })
  await by.setReceiptSigner({ signer: world.refuter })
  await by.setReceiptSigner({ signer: world.rival })
  await by.setReceiptSigner({ signer: world.rival, active: false })
  for (const name of ['payer', 'refuter', 'rival'] as const) {
    const client = actor(world, name)
    await client.deposit({ amount: dollars(50), spender: ledger.address })
    const order = await client.signTabOrder({ operator, total: dollars(15) })
    await by.fundTab({ order })
  }
  const order = await actor(world, 'payer').signTabOrder({ operator, total: dollars(40) })
  await by.fundTab({ order })
})

chapter('a batch collects from several payers, one bad voucher among them', async () => {
  const { operator, payer, refuter, rival } = world
  const good = [await collect(world, 'payer', 1n), await collect(world, 'refuter', 2n)]
  const forged = await collect(world, 'payer', 1n)
  const bad = { ...forged, voucher: { ...forged.voucher, payer: rival } }
  const short = { ...(await collect(world, 'rival', 6n)), cumulativeFee: 6n * fee }
  const tree = receiptTree([keccak256('0x01'), keccak256('0x02'), keccak256('0x03')])
  const posted = { index: 4, root: tree.root, count: 3n, dataHash: tree.root }
  const collections = [good[0]!, bad, good[1]!, short]
  const { batch } = await settleBatch(world, { ...posted, collections })
  await expectSame()

  const rows = await readTables(indexer.url, {
    batchSettlements: `${batchColumns} dataHash`,
    receiptCollections: 'number outcome payer status sequence cumulativeFee amount refunded',
    accounts: 'kind holder spender balance',
  })
  expect(rows.batchSettlements).toMatchObject([
    {
      ...{ number: `${batch.number}`, index: '4', root: tree.root, count: '3' },
      ...{ amount: `${3n * fee}`, reserved: `${6n * fee}`, status: 'Settled', payout: null },
    },
  ])
  const statuses = rows.receiptCollections
    .toSorted((a, b) => Number(a.outcome) - Number(b.outcome))
    .map((row) => [row.payer, row.status, row.amount])
  const of = [payer, rival, refuter, rival].map((address) => address.toLowerCase())
  expect(statuses).toEqual([
    [of[0], 'Collected', `${fee}`],
    [of[1], 'NotSigned', '0'],
    [of[2], 'Collected', `${2n * fee}`],
    [of[3], 'TabShort', '0'],
  ])
  const balance = (kind: string, holder: string) =>
    rows.accounts.find((row) => row.kind === kind && row.holder === holder.toLowerCase())?.balance
  expect(balance('Tab', payer)).toBe(`${dollars(40) - fee}`)
  expect(balance('Batch', operator)).toBe(`${3n * fee}`)
})

chapter('a batch is released to the payout address', async () => {
  const { operator, staking, rival, terms } = world
  const record = { signer: operator, payout: rival, endpoint: '', encryptionKey: zeroHash }
  await staking.write.register([record], { account: operator })
  await increase(terms.ledger.releaseWindow)
  const { batchSettlements } = await readTables(indexer.url, { batchSettlements: batchColumns })
  await actor(world, 'outsider').releaseBatch({ batch: batchOfRow(batchSettlements[0]!) })
  await expectSame()
  const released = await readTables(indexer.url, { batchSettlements: 'status payout releasedAt' })
  const releasedAt = `${await networkHelpers.time.latest()}`
  expect(released.batchSettlements).toEqual([
    { status: 'Released', payout: rival.toLowerCase(), releasedAt },
  ])
})

chapter('two receipts of one place are struck, and one is refunded', async () => {
  const { payer, operator, refuter, known } = world
  const settled = await settleBatch(world, {
    index: 0,
    collections: [await collect(world, 'payer', 2n)],
  })
  const [first, second] = [
    await issue(world, { sequence: 2n }),
    await issue(world, { sequence: 2n, unitsOut: 1n, fee: fee - 1n }),
  ]
  for (const { id } of [first, second]) known.receipts.add(id)
  const by = actor(world, 'refuter')
  await by.proveEquivocation({ first, second })
  await expectSame()
  const { batch, outcomes } = settled
  await by.refundReceipt({ receipt: first.receipt, batch, outcomes, outcome: 0 })
  await indexer.waitForHead()

  const rows = await readTables(indexer.url, {
    receiptSlashings: 'kind receipt other payer operator sequence refuter slashed rewarded burned',
    receiptRefunds: 'receipt payer number outcome amount',
    slashings: 'reason requested slashed rewarded',
    pledges: 'pledged',
  })
  const [reward, slashed] = [(2n * fee * 3n) / 10n, 2n * fee]
  expect(rows.receiptSlashings).toEqual([
    {
      ...{ kind: 'Equivocation', receipt: first.id, other: second.id, sequence: '2' },
      ...{ payer: payer.toLowerCase(), operator: operator.toLowerCase() },
      ...{ refuter: refuter.toLowerCase(), slashed: `${slashed}`, rewarded: `${reward}` },
      burned: `${slashed - reward}`,
    },
  ])
  expect(rows.slashings).toMatchObject([{ reason: first.id, slashed: `${slashed}` }])
  expect(rows.receiptRefunds).toMatchObject([
    { receipt: first.id, number: `${batch.number}`, amount: `${fee}` },
  ])
  expect(rows.pledges).toMatchObject([{ pledged: `${pledged - slashed}` }])
})

chapter('an overcharge gives back the excess, which is no refund of the fee', async () => {
  const { known } = world
  const collections = [await collect(world, 'refuter', 3n), await collect(world, 'payer', 3n)]
  const { batch, outcomes } = await settleBatch(world, { index: 1, collections })
  const cheap = await issue(world, { sequence: 3n, cumulativeFee: 3n * fee - 5n, fee: fee - 5n })
  known.receipts.add(cheap.id)
  const by = actor(world, 'refuter')
  await by.proveOvercharge({ ...cheap, batch, outcomes, outcome: 1 })
  await expectSame()

  const other = await issue(world, { sequence: 3n, cumulativeFee: 3n * fee - 5n, fee: 1n })
  known.receipts.add(other.id)
  await by.proveEquivocation({ first: cheap, second: other })
  const { batchSettlements } = await readTables(indexer.url, { batchSettlements: batchColumns })
  const row = batchSettlements.find(({ number }) => number === `${batch.number}`)!
  const refund = { batch: batchOfRow(row), outcomes: unpack(`${row.outcomes}` as Hex) }
  expect(hashOutcomes(refund.outcomes)).toBe(row.outcomesHash)
  await by.refundReceipt({ receipt: other.receipt, ...refund, outcome: 1 })
  await expectSame()
  const rows = await readTables(indexer.url, {
    receiptSlashings: 'kind receipt excess number',
    receiptCollections: 'number outcome amount refunded',
  })
  expect(rows.receiptSlashings).toContainEqual({
    ...{ kind: 'Overcharge', receipt: cheap.id, excess: '5', number: `${batch.number}` },
  })
  expect(rows.receiptCollections).toContainEqual({
    ...{ number: `${batch.number}`, outcome: 1, amount: `${fee}`, refunded: '6' },
  })
})

function unpack(words: Hex): bigint[] {
  const length = (words.length - 2) / 64
  return Array.from({ length }, (_, i) => hexToBigInt(slice(words, 32 * i, 32 * i + 32)))
}

chapter('a demanded receipt is opened and demanded again, another is hidden', async () => {
  const { known, terms, deployment } = world
  const [shown, hidden] = [
    await issue(world, { sequence: 4n }),
    await issue(world, { sequence: 5n }),
  ]
  for (const { id } of [shown, hidden]) known.receipts.add(id)
  const tree = receiptTree([keccak256(toHex('another')), shown.id])
  const { batch } = await settleBatch(world, { index: 2, root: tree.root, count: 2n })
  await increase(terms.ledger.horizon)
  const demander = actor(world, 'rival')
  await demander.demandReceipt(shown)
  await demander.demandReceipt(hidden)
  await expectSame()
  const opening = { batch, leaf: 1n, path: pathOf(tree, 1) }
  await actor(world, 'outsider').openReceipt({ receipt: shown.receipt, ...opening })
  await expectSame()
  await demander.demandReceipt(shown)
  await expectSame()
  await actor(world, 'operator').openReceipt({ receipt: shown.receipt, ...opening })
  await increase(terms.ledger.responseWindow)
  await actor(world, 'outsider').proveOmission({ receipt: hidden.receipt })
  await expectSame()

  const { receiptDemands } = await readTables(indexer.url, {
    receiptDemands: 'receipt demander bond status number leaf endedAt',
  })
  const statuses = receiptDemands.map(({ receipt, status, leaf }) => [receipt, status, leaf])
  expect(statuses.toSorted()).toEqual(
    [
      [shown.id, 'Opened', '1'],
      [shown.id, 'Opened', '1'],
      [hidden.id, 'Omitted', null],
    ].toSorted(),
  )
  const spender = deployment.ledger
  expect(await actor(world, 'operator').getEscrowBalance({ spender })).toBe(dollars(4))
})

chapter('a verifier suspends, resumes and refutes the claim of a receipt', async () => {
  const { registry, admin, publisher, ledger, known, refuter } = world
  const verifier = await viem.deployContract('TestVerifier')
  await registry.write.approveVerifier([verifier.address], { account: admin })
  const methods = [{ verifier: verifier.address, root: keccak256('0x05'), data: '0x' as const }]
  const [model, manifest] = [world.model, keccak256('0x06')]
  await registry.write.publish([model, manifest, '', methods], { account: publisher })
  const version = await registry.read.versionId([model, manifest, methods])
  const { id, context } = await issue({ ...world, version }, { sequence: 6n })
  known.receipts.add(id)
  await verifier.write.suspend([ledger.address, context])
  await expectSame()
  await verifier.write.resume([ledger.address, context, 0n])
  await expectSame()
  await verifier.write.refute([ledger.address, context], { account: refuter })
  await expectSame()
  const { refutations } = await readTables(indexer.url, {
    refutations: 'source claimId kind operator slashed rewarded burned',
  })
  expect(refutations).toEqual([
    {
      ...{ source: ledger.address.toLowerCase(), claimId: id, kind: 'Other' },
      ...{ operator: world.operator.toLowerCase(), slashed: `${2n * fee}` },
      ...{ rewarded: `${(2n * fee * 3n) / 10n}`, burned: `${(2n * fee * 7n) / 10n}` },
    },
  ])
})

chapter('a payer thaws, closes and comes back', async () => {
  const { operator, refuter, terms } = world
  const client = actor(world, 'refuter')
  await client.thawTab({ operator })
  await expectSame()
  await increase(terms.ledger.tabThaw)
  await actor(world, 'outsider').closeTab({ operator, payer: refuter })
  await expectSame()
  const { funded } = await client.getTab({ operator })
  const order = await client.signTabOrder({ operator, total: funded + dollars(2) })
  await actor(world, 'outsider').fundTab({ order })
})

chapter('a reorganisation takes back what it took back', async () => {
  const snapshot = await networkHelpers.takeSnapshot()
  const receipts = new Set(world.known.receipts)
  const collections = [await collect(world, 'payer', 7n)]
  await settleBatch(world, { index: 7, collections })
  const pair = [await issue(world, { sequence: 7n }), await issue(world, { sequence: 7n, fee: 1n })]
  for (const { id } of pair) world.known.receipts.add(id)
  await actor(world, 'refuter').proveEquivocation({ first: pair[0]!, second: pair[1]! })
  await expectSame()

  await snapshot.restore()
  world.known.receipts = receipts
  // Another second, so that the new blocks differ from the dropped ones even if they hold the same.
  await increase(9)
  await settleBatch(world, { index: 7, collections: [await collect(world, 'payer', 8n)] })
})

test('behavior: an indexer that comes later finds the same', { timeout: 240_000 }, async () => {
  const tables = {
    batchSettlements: batchColumns,
    receiptCollections: 'operator number outcome payer status amount refunded',
    receiptSlashings: 'id kind receipt slashed rewarded burned',
    receiptDemands: 'id status bond endedAt',
    receiptRefunds: 'id receipt amount',
    accounts: 'id balance',
  }
  const late = await startWorldIndexer(world)
  try {
    await late.waitForHead()
    expect(await readIndexedReceipts(late.url)).toEqual(await readReceipts(world))
    const [first, second] = await Promise.all(
      [indexer, late].map(({ url }) => readTables(url, tables)),
    )
    expect(second).toEqual(first)
  } finally {
    await late.stop()
  }
})
