import { defaultTerms, dollars } from '@assay/testing'
import { zeroAddress } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'

import {
  answer,
  commit,
  demand,
  expire,
  readAnswer,
  refute,
  refuteByExecution,
  request,
  settle,
  wholeInput,
  wholeTrace,
} from './indexer/actions.ts'
import { confirmAudit, openAudit, orderAudit, settleAudit } from './indexer/auditActions.ts'
import { deployWorld, networkHelpers, type World } from './indexer/deployWorld.ts'
import { readTables } from './indexer/query.ts'
import { startWorldIndexer, type WorldIndexer } from './indexer/startWorldIndexer.ts'
import { readChain, readIndex } from './indexer/state.ts'

/*
 * One story, told to a chain and followed by an indexer. After each chapter everything that the contracts' views tell is
 * compared with the index (invariant: index = chain at every checked block), and the ledger with the tokens held.
 */

let world: World
let indexer: WorldIndexer

async function expectSame() {
  await indexer.waitForHead()
  expect(await readIndex(indexer.url)).toEqual(await readChain(world))
  const response = await fetch(`${indexer.url}/audit/balance`)
  const balance = (await response.json()) as { isBalanced: boolean; block: string }
  const block = `${await networkHelpers.time.latestBlock()}`
  expect(balance).toMatchObject({ isBalanced: true, block, movements: '0', clearing: '0' })
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

chapter('stake is allocated, activated and partly thawed', async () => {
  const { staking, market, version, operators, operator } = world
  for (const account of operators) {
    await staking.write.deposit([account, dollars(1_000)], { account })
    await staking.write.allocate([market.address, version, dollars(900)], { account })
  }
  await expectSame()
  await networkHelpers.time.increase(await staking.read.ACTIVATION_DELAY())
  for (const account of operators) {
    await staking.write.activate([market.address, version, account])
  }
  await staking.write.thaw([market.address, version, dollars(50)], { account: operator })
})

chapter('payers deposit, move and withdraw', async () => {
  const { escrow, market, tensorVerifier, payer, refuter } = world
  await escrow.write.deposit([payer, market.address, dollars(500)], { account: payer })
  await escrow.write.deposit([refuter, market.address, dollars(60)], { account: refuter })
  await escrow.write.move([market.address, tensorVerifier.address, dollars(50)], {
    account: refuter,
  })
  await escrow.write.withdraw([market.address, dollars(3), payer], { account: payer })
})

chapter('a request is answered and settled, with money back', async () => {
  const { payer, refuter } = world
  const jobs = [await request(world), await request(world, { payer: refuter })]
  await expectSame()
  const answered = [
    await answer(world, jobs[0]!),
    await answer(world, jobs[1]!, { operator: world.rival }),
  ]
  await expectSame()
  await networkHelpers.time.increase(70)
  await networkHelpers.mine()
  // Final by the clock, with nobody having done anything.
  await expectSame()
  await settle(world, answered)
  const { settlements } = await readTables(indexer.url, { settlements: 'payer status' })
  expect(settlements.map((row) => row.payer).toSorted()).toEqual(
    [payer, refuter].map((address) => address.toLowerCase()).toSorted(),
  )
})

chapter('a job without verifier is final at once', async () => {
  const job = await request(world, { verifier: zeroAddress })
  await answer(world, job)
  await expectSame()
  await settle(world, [job])
})

chapter('a request expires', async () => {
  await expire(world, await request(world))
})

chapter('a sealed answer is revealed, another forfeited and answered again', async () => {
  const { operator, rival } = world
  const sealed = await commit(world, await request(world), operator)
  await expectSame()
  await sealed.reveal()
  await expectSame()
  const job = await request(world)
  const { forfeit } = await commit(world, job, rival)
  await expectSame()
  await forfeit()
  await expectSame()
  await settle(world, [await answer(world, job)])
})

chapter('demands are supplied, reclaimed and run out', async () => {
  const { refuter, escrow, tensorVerifier } = world
  const honest = await answer(world, await request(world))
  const first = await demand(world, honest, wholeTrace)
  const second = await demand(world, honest, wholeInput)
  await expectSame()
  await first.supply()
  await second.supply()
  await expectSame()
  await settle(world, [honest])

  const wrong = await answer(world, await request(world), { corrupt: true })
  const open = await demand(world, wrong, wholeTrace)
  await refute(world, wrong)
  await expectSame()
  await open.reclaim()
  await expectSame()

  const silent = await answer(world, await request(world), { operator: world.rival })
  await (await demand(world, silent, wholeTrace)).timeout()
  await expectSame()
  await escrow.write.withdraw([tensorVerifier.address, dollars(1), refuter], { account: refuter })
})

chapter('answers are refuted in every other way', async () => {
  await refute(world, await answer(world, await request(world), { corrupt: 'row' }))
  await expectSame()
  await refute(world, await answer(world, await request(world), { corrupt: 'output' }))
  const wrong = await answer(world, await request(world), { corrupt: 'output' })
  await refuteByExecution(world, wrong)
})

chapter('refutations tell what was wrong and what it cost', async () => {
  const { refutations } = await readTables(indexer.url, {
    refutations:
      'kind refuter operator tensor committed computed length expected computedHash claimedHash refund slashed rewarded burned',
  })
  expect(refutations).toHaveLength(5)
  const of = (wanted: string) => refutations.find(({ kind }) => kind === wanted)
  const [element, timeout] = [of('Element'), of('Timeout')]
  expect(of('Row')).toMatchObject({ tensor: '1', length: '3', expected: '4' })
  expect(of('Output')!.computedHash).not.toBe(of('Output')!.claimedHash)
  expect(of('Execution')!.computedHash).toBe(of('Output')!.computedHash)
  expect(element).toMatchObject({ tensor: '1', operator: world.operator.toLowerCase() })
  expect(Number(element!.committed) ^ Number(element!.computed)).toBe(1)
  expect(timeout).toMatchObject({ operator: world.rival.toLowerCase(), tensor: null })
  for (const { refuter, slashed, rewarded, burned, refund } of refutations) {
    expect(refuter).toBe(world.refuter.toLowerCase())
    expect(BigInt(`${rewarded}`) + BigInt(`${burned}`)).toBe(BigInt(`${slashed}`))
    expect(refund).toBe(`${dollars(4)}`)
  }
})

chapter('auditors stake, and a payer sets rewards aside', async () => {
  const { audits, escrow, staking, version, payer, rival } = world
  await staking.write.deposit([rival, dollars(100)], { account: rival })
  await staking.write.allocate([audits.address, version, dollars(100)], { account: rival })
  await networkHelpers.time.increase(await staking.read.ACTIVATION_DELAY())
  await staking.write.activate([audits.address, version, rival])
  await escrow.write.deposit([payer, audits.address, dollars(10)], { account: payer })
})

chapter('audits are ordered, drawn, confirmed and paid', async () => {
  const { rival: auditor } = world
  const job = await request(world)
  const audit = await orderAudit(world, job, 1_000_000)
  await expectSame()
  const answered = await answer(world, job)
  await openAudit(world, audit, answered)
  await expectSame()
  await confirmAudit(world, audit, { answered, auditor })
  await expectSame()
  await settle(world, [answered])
  await settleAudit(world, audit)
})

chapter('an auditor that vouched for a wrong answer is slashed', async () => {
  const { rival: auditor } = world
  const job = await request(world)
  const audit = await orderAudit(world, job, 1_000_000)
  const answered = await answer(world, job, { corrupt: true })
  await openAudit(world, audit, answered)
  await confirmAudit(world, audit, { answered, auditor })
  await refute(world, answered)
  await settleAudit(world, audit)
})

chapter('what is not drawn returns', async () => {
  const job = await request(world)
  const audit = await orderAudit(world, job, 1)
  const answered = await answer(world, job)
  await openAudit(world, audit, answered)
  await settleAudit(world, audit)
  await settle(world, [answered])
  await indexer.waitForHead()
  const { audits } = await readTables(indexer.url, {
    audits: 'job status reward auditor liability payout slashed refund',
  })
  const of = (wanted: string) => audits.find(({ status }) => status === wanted)
  const auditor = world.rival.toLowerCase()
  const [reward, liability] = [`${dollars(1)}`, `${dollars(30)}`]
  expect(of('Paid')).toMatchObject({ auditor, liability, payout: auditor, refund: null })
  expect(of('Slashed')).toMatchObject({ auditor, slashed: liability, refund: reward })
  expect(of('Returned')).toMatchObject({ job: job.id, auditor: null, refund: reward })
})

chapter('records of operators, models and callbacks change', async () => {
  const { market, staking, registry, operator, publisher, payer, model, version } = world
  const hostile = { signer: payer, payout: payer, endpoint: 'https://a.example\0"' }
  const encryptionKey = `0x${'07'.repeat(32)}` as const
  await staking.write.register([{ ...hostile, encryptionKey }], { account: operator })
  await staking.write.setAsk([version, 700n, true], { account: operator })
  await registry.write.proposePublisher([model, payer], { account: publisher })
  await registry.write.acceptPublisher([model], { account: payer })
  await registry.write.deprecate([version], { account: payer })
  const called = { callback: payer, callbackGas: 50_000 }
  const { settlement, claim, output } = await readAnswer(
    world,
    await answer(world, await request(world, called)),
  )
  await market.write.deliver([settlement, claim, output])
  await indexer.waitForHead()
  const rows = await readTables(indexer.url, {
    operators: 'address signer payout endpoint encryptionKey',
    asks: 'operator version price serving',
    models: 'id name publisher proposedPublisher',
    modelVersions: 'id model manifestUri deprecatedAt',
    methods: 'version verifier root',
    callbacks: 'job callback success',
  })
  const [by, newPublisher] = [operator.toLowerCase(), payer.toLowerCase()]
  const record = { signer: newPublisher, payout: newPublisher, endpoint: 'https://a.example"' }
  expect(rows.operators).toContainEqual({ address: by, ...record, encryptionKey })
  expect(rows.asks).toEqual([{ operator: by, version, price: '700', serving: true }])
  expect(rows.models).toMatchObject([{ publisher: newPublisher, proposedPublisher: null }])
  expect(rows.modelVersions).toMatchObject([{ id: version, deprecatedAt: expect.any(String) }])
  expect(rows.methods).toMatchObject([{ version, root: world.program.tree.root }])
  expect(rows.callbacks).toEqual([{ job: claim.requestId, callback: newPublisher, success: true }])
})

chapter('a foreign source slashes what was allocated to it, active stake first', async () => {
  const { staking, version, operator, outsider, refuter } = world
  const key = [outsider, version] as const
  const account = operator
  await staking.write.deposit([operator, dollars(50)], { account })
  await staking.write.allocate([...key, dollars(30)], { account })
  await networkHelpers.time.increase(await staking.read.ACTIVATION_DELAY())
  await staking.write.activate([...key, operator])
  await staking.write.thaw([...key, dollars(10)], { account })
  await staking.write.allocate([...key, dollars(20)], { account })
  await expectSame()
  const reason = `0x${'5a'.repeat(32)}` as const
  const slash = [version, operator, dollars(25), refuter, reason] as const
  await staking.write.slash(slash, { account: outsider })
  await expectSame()
  await staking.write.slash(slash, { account: outsider })
  await expectSame()
  await staking.write.slash(slash, { account: outsider })
})

chapter('a foreign spender pays out of its pool', async () => {
  const { escrow, payer, outsider, rival } = world
  await escrow.write.deposit([payer, outsider, dollars(9)], { account: payer })
  await escrow.write.pay([rival, dollars(4)], { account: outsider })
})

chapter('everybody takes what is theirs', async () => {
  const { market, staking, version, operator, rival, refuter, admin, tensorVerifier, escrow } =
    world
  for (const account of [operator, rival]) await market.write.collect([account, [version]])
  await market.write.collectProtocolFees([admin], { account: admin })
  await staking.write.withdrawReward([refuter], { account: refuter })
  await staking.write.burn()
  await escrow.write.withdraw([tensorVerifier.address, dollars(10), operator], {
    account: operator,
  })
  await staking.write.withdraw([dollars(100), operator], { account: operator })
  await networkHelpers.time.increase(await staking.read.THAW_DELAY())
  await staking.write.free([market.address, version, operator])
})

chapter('governance changes terms, pauses and tombstones', async () => {
  const { market, registry, admin, tensorVerifier } = world
  const account = admin
  await market.write.setParameters([{ ...defaultTerms.parameters, seatSeconds: 9 }], { account })
  await market.write.setRequestsPaused([true], { account })
  await expectSame()
  await market.write.setRequestsPaused([false], { account })
  await registry.write.tombstoneVerifier([tensorVerifier.address], { account })
  const { governanceChanges, parameterSets } = await readTables(indexer.url, {
    governanceChanges: 'event',
    parameterSets: 'id seatSeconds stakeFloor',
  })
  expect(governanceChanges.map(({ event }) => event)).toContain('RequestsPaused')
  expect(parameterSets).toContainEqual({ id: 2, seatSeconds: '9', stakeFloor: `${dollars(1)}` })
})

chapter('a reorganisation takes back what it took back', async () => {
  const snapshot = await networkHelpers.takeSnapshot()
  const { jobs, demands, audits, receipts } = world.known
  const before = { jobs: new Set(jobs), demands: new Set(demands), audits, receipts }
  const dropped = await answer(world, await request(world))
  await demand(world, dropped, wholeTrace)
  await expectSame()
  expect(await readIndex(indexer.url)).toHaveProperty(`status ${dropped.id}`)

  await snapshot.restore()
  world.known = before
  // Another second, so that the new blocks differ from the dropped ones even if they hold the same.
  await networkHelpers.time.increase(7)
  await expectSame()
  expect(await readIndex(indexer.url)).not.toHaveProperty(`status ${dropped.id}`)
  await settle(world, [await answer(world, await request(world))])
})
