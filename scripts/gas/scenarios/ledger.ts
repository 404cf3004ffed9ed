import { receiptTree } from '@assay/protocol/receipt'
import { pathOf } from '@assay/protocol/tree'
import { dollars } from '@assay/testing'

import {
  collect,
  deployLedger,
  FEE,
  type Issued,
  issue,
  LEDGER_TERMS,
  type LedgerWorld,
  settle,
  signOrder,
} from '../ledgerWorld.ts'
import type { Run } from '../meter.ts'
import { wordOf } from '../world.ts'
import type { Scene } from './scene.ts'

type LedgerScene = Omit<Scene, 'world'> & { world: LedgerWorld }

const { demandWindow, horizon, releaseWindow, responseWindow, tabThaw } = LEDGER_TERMS
const retention = BigInt(horizon + demandWindow + responseWindow)

/** As many more receipts as make a batch of 10,000. */
const others = Array.from({ length: 9_999 }, (_, i) => wordOf(`receipt ${i}`))

const signed = ({ receipt, signature }: Issued) => ({ receipt, signature })

/** Measures `ReceiptLedger`. */
export async function measureLedger({ chain, meter, world: suite }: Scene) {
  const world = await deployLedger(chain, suite)
  const scene = { chain, meter, world }
  await measureTabs(scene)
  await measureBatches(scene)
  await measurePenalties(scene)
  await measureOmission(scene)
  await measureChallenges(scene)
}

async function measureTabs({ chain, meter, world }: LedgerScene) {
  const { ledger, operator, outsider, payer, payers, spender, stake } = world
  for (const signer of payers) {
    await chain.receiptOf(ledger.write.fund(await signOrder(world, signer, dollars(10)), outsider))
  }
  await meter.steady(async (run, round) => {
    const total = dollars(11 + round)
    const order = await signOrder(world, payers[49]!, total)
    await run('ReceiptLedger.fund', ledger.write.fund(order, outsider))
    const pledged = stake - 1n + BigInt(round)
    await run('ReceiptLedger.pledge', ledger.write.pledge([pledged], operator))
    await run('ReceiptLedger.setSigner', ledger.write.setSigner([spender.account, true], operator))
    const { epoch, spent } = await ledger.read.tabOf([payer.account, operator.account])
    const refill = {
      ...{ payer: payer.account, operator: operator.account, epoch, total: spent + dollars(5) },
    }
    await chain.receiptOf(ledger.write.fund([refill, '0x'], payer))
    await run('ReceiptLedger.thaw', ledger.write.thaw([operator.account], payer))
    chain.warpTo(chain.now() + BigInt(tabThaw))
    const close = ledger.write.close([payer.account, operator.account], outsider)
    await run('ReceiptLedger.close', close)
  })
}

async function measureBatches({ chain, meter, world }: LedgerScene) {
  const { ledger, outsider, payers } = world
  await meter.steady(async (run, round) => {
    const sequence = BigInt(round + 1)
    const one = await collect(world, payers[0]!, sequence)
    const settled = await settle(world, 'ReceiptLedger.settle', run, { collections: [one] })
    chain.warpTo(settled.settledAt + BigInt(releaseWindow))
    await run('ReceiptLedger.release', ledger.write.release([settled.batch], outsider))
    chain.warpTo(settled.settledAt + retention)
  })
  await meter.steady(async (run, round) => {
    const sequence = BigInt(round + 3)
    const collections = await Promise.all(payers.map((payer) => collect(world, payer, sequence)))
    const name = 'ReceiptLedger.settle50'
    const { batch, settledAt } = await settle(world, name, run, { collections, index: 1 })
    chain.warpTo(settledAt + BigInt(releaseWindow))
    await chain.receiptOf(ledger.write.release([batch], outsider))
    chain.warpTo(settledAt + retention)
  })
  const { gas: one } = meter.figure('ReceiptLedger.settle')
  const { gas: fifty } = meter.figure('ReceiptLedger.settle50')
  meter.derived('ReceiptLedger.settle1', one, 'a batch of 10,000 receipts with one collection')
  meter.derived('ReceiptLedger.settleEachOf50', fifty / 50, 'a payer of a batch with fifty')
  meter.derived('ReceiptLedger.per10000', one / 10_000, 'a receipt of 10,000 in one batch')
}

async function measurePenalties({ chain, meter, world }: LedgerScene) {
  const { ledger, payers, refuter } = world
  const unmeasured: Run = (_, sent) => chain.receiptOf(sent)
  await meter.steady(async (run, round) => {
    const sequence = BigInt(2 * round + 5)
    const cumulativeFee = sequence * FEE
    const collections = [await collect(world, payers[0]!, sequence)]
    const index = 2 + 2 * round
    const paid = await settle(world, '', unmeasured, { collections, index })
    const first = await issue(chain, world, { sequence, cumulativeFee })
    const second = await issue(chain, world, { ...first.receipt, unitsOut: 0n })
    const pair = [signed(first), signed(second)] as const
    const struck = ledger.write.proveEquivocation(pair, refuter)
    await run('ReceiptLedger.proveEquivocation', struck)
    const refund = [first.receipt, paid.batch, paid.outcomes, 0n] as const
    await run('ReceiptLedger.refund', ledger.write.refund(refund, refuter))

    const next = sequence + 1n
    const dear = [await collect(world, payers[0]!, next)]
    const { batch, outcomes } = await settle(world, '', unmeasured, {
      ...{ collections: dear, index: index + 1 },
    })
    const cheap = await issue(chain, world, { sequence: next, cumulativeFee })
    const overcharge = [signed(cheap), batch, outcomes, 0n] as const
    await run('ReceiptLedger.proveOvercharge', ledger.write.proveOvercharge(overcharge, refuter))
    await run('ReceiptLedger.multicall', ledger.write.multicall([[]], refuter))
  })
  const { gas: equivocation } = meter.figure('ReceiptLedger.proveEquivocation')
  meter.derived('ReceiptLedger.equivocation', equivocation, 'two receipts, one place, a slash')
  const { gas: overcharge } = meter.figure('ReceiptLedger.proveOvercharge')
  meter.derived('ReceiptLedger.overcharge', overcharge, 'one collection, a slash, a refund')
}

/** Opens a receipt of a batch of 10,000, and lets a demand for another pass. */
async function measureOmission({ chain, meter, world }: LedgerScene) {
  const { ledger, outsider, payer } = world
  const unmeasured: Run = (_, sent) => chain.receiptOf(sent)
  await meter.steady(async (run, round) => {
    const opened = await issue(chain, world, { sequence: BigInt(20 + 2 * round) })
    const hidden = await issue(chain, world, { sequence: BigInt(21 + 2 * round) })
    const tree = receiptTree([opened.id, ...others])
    const { batch } = await settle(world, '', unmeasured, {
      ...{ index: 20 + round, root: tree.root, count: BigInt(tree.count) },
    })
    chain.warpTo(hidden.receipt.issuedAt + BigInt(horizon) + 10n)
    await run('ReceiptLedger.demand', ledger.write.demand([signed(opened)], payer))
    const opening = [opened.receipt, batch, 0n, pathOf(tree, 0)] as const
    await run('ReceiptLedger.open', ledger.write.open(opening, outsider))
    await chain.receiptOf(ledger.write.demand([signed(hidden)], payer))
    chain.warpTo(chain.now() + BigInt(responseWindow))
    const omission = ledger.write.proveOmission([hidden.receipt], outsider)
    await run('ReceiptLedger.proveOmission', omission)
  })
}

/** Lets the outsider's contract stand for a verifier that the model accepts. */
async function measureChallenges({ chain, meter, world }: LedgerScene) {
  const { admin, ledger, outsider, publisher, refuter, registry } = world
  const verifier = await chain.viem.deployContract('TestVerifier')
  await chain.receiptOf(registry.write.approveVerifier([verifier.address], admin))
  const [salt, manifest] = [wordOf('ledger model'), wordOf('ledger manifest')]
  await chain.receiptOf(registry.write.create([salt, 'chat'], publisher))
  const model = await registry.read.modelId([publisher.account, salt])
  const methods = [{ verifier: verifier.address, root: salt, data: '0x' as const }]
  await chain.receiptOf(registry.write.publish([model, manifest, '', methods], publisher))
  const version = await registry.read.versionId([model, manifest, methods])

  await meter.steady(async (run, round) => {
    const judged = { ...world, version }
    const { context } = await issue(chain, judged, { sequence: BigInt(40 + round) })
    const target = [ledger.address, context] as const
    await run('ReceiptLedger.suspend', verifier.write.suspend(target, outsider))
    await run('ReceiptLedger.resume', verifier.write.resume([...target, 0n], outsider))
    await run('ReceiptLedger.refute', verifier.write.refute(target, refuter))
  })
}
