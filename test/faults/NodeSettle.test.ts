import { type BatchPolicy, ChainUnknownError, systemClock } from '@assay/node'
import { receiptLedgerAbi } from '@assay/protocol'
import { receiptIdOf } from '@assay/protocol/receipt'
import { demandReceipt, getTab, thawTab } from '@assay/sdk'
import { erc20Abi } from 'viem'
import { afterEach, expect, test } from 'vitest'

import { startOperator, until } from './support/operator.ts'
import { backReceipts, hire, serve } from './support/settling.ts'
import { setUp } from './support/setUp.ts'
import { accountAt, dollars, transportOf } from './support/suite.ts'

const account = accountAt(2)
const policy: BatchPolicy = {
  ...{ count: 3, ageSeconds: 1_000n, value: dollars(1_000) },
  ...{ maxCollections: 10, collectMinimum: 1n },
}

let world: Awaited<ReturnType<typeof setUp>>
afterEach(() => world.rpc('evm_setIntervalMining', 0))

type Node = ReturnType<typeof startOperator>

/** Starts the operator, with the clock of its chain; `link` is what a test may break, and let time pass by. */
async function start(overrides: Partial<BatchPolicy> = {}, link = { isDown: false, passedMs: 0 }) {
  const { suite, rpc } = world
  const { timestamp } = await suite.chain.getBlock()
  const ahead = Number(timestamp) * 1_000 - systemClock.now()
  const clock = {
    ...systemClock,
    now: () => systemClock.now() + ahead + link.passedMs,
    elapsed: () => systemClock.elapsed() + link.passedMs,
  }
  const transport = transportOf({
    async request({ method, params = [] }: { method: string; params?: unknown[] }) {
      if (link.isDown) throw new Error('connection refused')
      return rpc(method, ...params)
    },
  })
  const batchPolicy = { ...policy, ...overrides }
  return startOperator({ suite, account, transport, batchPolicy, clock })
}

const finals = ({ events }: Node, kind: string) =>
  events.filter((event) => event.type === 'final' && event.intent.kind === kind).length
const settled = ({ events }: Node) => events.filter(({ type }) => type === 'batchSettled')

async function batches({ suite }: typeof world) {
  return suite.chain.getContractEvents({
    ...{ address: suite.deployment.ledger, abi: receiptLedgerAbi, eventName: 'BatchSettled' },
    fromBlock: 0n,
  })
}

test('default: receipts are settled in one batch, collected, and paid out', async () => {
  world = await setUp()
  const { suite } = world
  const { deployment } = suite
  await backReceipts(suite, account)
  const payers = [accountAt(5), accountAt(6)]
  const hired = []
  for (const payer of payers) hired.push(await hire(suite, account, payer))
  await world.tick(30)
  const node = await start()
  for (const { payment } of [hired[0]!, hired[1]!, hired[0]!]) await serve(node, payment)
  await until('the batch', () => settled(node).length === 1)
  expect(settled(node)).toMatchObject([{ count: 3, amount: dollars(6) }])
  const tab = await getTab(hired[0]!.client, { deployment, operator: account.address })
  expect(tab.spent).toBe(dollars(4))
  await until('the release', () => finals(node, 'release') === 1)
  const balance = await suite.chain.readContract({
    ...{ address: deployment.token, abi: erc20Abi, functionName: 'balanceOf' },
    args: [account.address],
  })
  expect(balance).toBe(dollars(1_000) + dollars(6))
  await node.stop()
  expect(await batches(world)).toHaveLength(1)
}, 90_000)

test('behavior: a demanded receipt is batched first, and opened within the clock', async () => {
  world = await setUp()
  const { suite } = world
  await backReceipts(suite, account)
  const { client, payment } = await hire(suite, account, accountAt(5))
  const node = await start({ count: 1_000 })
  const document = await serve(node, payment)
  await suite.chain.increaseTime({ seconds: 61 })
  const { deployment } = suite
  await demandReceipt(client, { deployment, ...document })
  await world.tick(30)
  await until('the opening', () => finals(node, 'open') === 1)
  const id = receiptIdOf({ ...deployment, receipt: document.receipt })
  const [opened] = await suite.chain.getContractEvents({
    ...{ address: deployment.ledger, abi: receiptLedgerAbi, eventName: 'ReceiptOpened' },
    fromBlock: 0n,
  })
  expect(opened!.args).toMatchObject({ id, leaf: 0n })
}, 90_000)

test('behavior: a payer that takes its tab back is collected before that ends', async () => {
  world = await setUp()
  const { suite } = world
  await backReceipts(suite, account)
  const { client, payment } = await hire(suite, account, accountAt(5))
  const node = await start({ count: 1_000 })
  await serve(node, payment)
  const { deployment } = suite
  const operator = account.address
  await thawTab(client, { deployment, operator })
  await world.tick(30)
  await until('the batch', () => settled(node).length === 1)
  expect(settled(node)).toMatchObject([{ amount: dollars(2) }])
  await expect(serve(node, payment)).rejects.toMatchObject({ code: 'tab_thawing' })
}, 90_000)

test('behavior: what the pledge does not back waits for the next batch', async () => {
  world = await setUp()
  const { suite } = world
  // Stake of twice the amount is reserved: ten back five.
  await backReceipts(suite, account, 10)
  const { payment } = await hire(suite, account, accountAt(5))
  const node = await start()
  for (let i = 0; i < 3; i++) await serve(node, payment)
  await world.tick(30)
  await until('the first batch', () => settled(node).length === 1)
  expect(settled(node)).toMatchObject([{ count: 3, amount: dollars(4) }])
  expect(node.events.some(({ type }) => type === 'pledgeShort')).toBe(true)
  await until('the second batch', () => settled(node).length === 2)
  expect(finals(node, 'release')).toBe(1)
  expect(settled(node)[1]).toMatchObject({ count: 0, amount: dollars(2) })
}, 90_000)

test('behavior: a batch that a reorganisation takes back is settled again as it was, once', async () => {
  world = await setUp()
  const { suite, rpc } = world
  const { deployment } = suite
  await backReceipts(suite, account)
  const { client, payment } = await hire(suite, account, accountAt(5))
  await rpc('evm_setAutomine', false)
  const before = await rpc('evm_snapshot')
  const node = await start()
  for (let i = 0; i < 3; i++) await serve(node, payment)
  const is = (type: string) =>
    node.events.some(
      (event) => event.type === type && 'intent' in event && event.intent.kind === 'settle',
    )
  // What was issued is looked at with the next block.
  await suite.chain.mine({ blocks: 1 })
  await until('the transaction', () => is('sent'))
  await suite.chain.mine({ blocks: 1 })
  await until('its block', () => is('mined'))
  const [first] = await batches(world)

  await rpc('evm_revert', before)
  await rpc('evm_setAutomine', false)
  await serve(node, payment)
  await world.tick(30)
  await until('the batch', () => settled(node).length === 1)
  const [again, ...others] = await batches(world)
  expect(others).toEqual([])
  expect(again!.args.root).toBe(first!.args.root)
  const tab = await getTab(client, { deployment, operator: account.address })
  expect(tab.spent).toBe(dollars(6))
}, 90_000)

test('behavior: one voucher that the ledger refuses stops no other, and is not tried again', async () => {
  world = await setUp()
  const { suite } = world
  await backReceipts(suite, account)
  const bad = await hire(suite, account, accountAt(5))
  const good = await hire(suite, account, accountAt(6))
  const node = await start({ count: 2 })
  const payer = accountAt(5).address
  await serve(node, bad.payment)
  // As if the wallet of the payer had changed its mind about what it signed.
  const { channels } = node.journal
  const signature = good.payment.voucher.signature
  const voucher = { ...bad.payment.voucher, signature }
  channels.write({ ...channels.read(payer), voucher })
  await serve(node, good.payment)
  await world.tick(30)
  await until('the first batch', () => settled(node).length === 1)
  expect(settled(node)).toMatchObject([{ count: 2, amount: dollars(2) }])
  const refused = node.events.filter(({ type }) => type === 'collectionRefused')
  expect(refused).toMatchObject([{ payer, reason: 'NotSigned' }])
  expect(channels.read(payer).refusal).toBe('NotSigned')

  for (let i = 0; i < 2; i++) await serve(node, good.payment)
  await until('the second batch', () => settled(node).length === 2)
  expect(node.events.filter(({ type }) => type === 'collectionRefused')).toHaveLength(1)
  // Any voucher that holds mends it.
  await serve(node, bad.payment)
  await serve(node, bad.payment)
  await until('the third batch', () => settled(node).length === 3)
  expect(settled(node)[2]).toMatchObject({ amount: dollars(6) })
}, 90_000)

test('behavior: without a node payers are served for a while, and settled with once it is back', async () => {
  world = await setUp()
  const { suite } = world
  await backReceipts(suite, account)
  const { payment } = await hire(suite, account, accountAt(5))
  const link = { isDown: false, passedMs: 0 }
  const node = await start({}, link)
  await until('the chain', () => node.daemon.status().head !== undefined)
  await serve(node, payment)

  link.isDown = true
  await serve(node, payment)
  link.passedMs = 5 * 60_000
  await expect(serve(node, payment)).rejects.toThrow(ChainUnknownError)
  await until('the outage', () => node.events.some(({ type }) => type === 'nodeFailed'))

  link.isDown = false
  await serve(node, payment)
  await suite.chain.increaseTime({ seconds: 5 * 60 })
  await world.tick(30)
  await until('the batch', () => settled(node).length === 1)
  expect(settled(node)).toMatchObject([{ count: 3, amount: dollars(6) }])
  expect(await batches(world)).toHaveLength(1)
}, 90_000)
