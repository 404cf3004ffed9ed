import { systemClock } from '@assay/node'
import { getJob, getJobStatus, readAudit } from '@assay/sdk'
import { expect, test } from 'vitest'

import { startOperator, until } from './support/operator.ts'
import { setUp } from './support/setUp.ts'
import { accountAt } from './support/suite.ts'
import { startWatcher, withheld } from './support/watcher.ts'

const account = accountAt(2)

type Node = ReturnType<typeof startOperator> | ReturnType<typeof startWatcher>

function hasHappened({ events }: Node, type: string, kind: string) {
  return () =>
    events.some((event) => 'intent' in event && event.type === type && event.intent.kind === kind)
}

/** Only what a node has followed can be taken back from it. */
function hasFollowed({ events }: Node, block: bigint) {
  return () => events.some((event) => event.type === 'block' && event.header.number >= block)
}

async function answersOf(suite: Awaited<ReturnType<typeof setUp>>['suite'], id: `0x${string}`) {
  const { transitions } = await getJob(suite.chain, { deployment: suite.deployment, id })
  return transitions.filter(({ name }) => name === 'JobAnswered').length
}

test('behavior: an answer that a reorganisation took back is given again', async () => {
  const { suite, transport, rpc } = await setUp()
  await suite.enlist(account)
  await rpc('evm_setAutomine', false)
  const node = startOperator({ suite, account, transport, chainPolicy: { confirmations: 8 } })
  const requested = suite.request()
  await until(
    'the request',
    async () =>
      ((await rpc('eth_getBlockByNumber', 'pending', false)) as { transactions: unknown[] })
        .transactions.length > 0,
  )
  await rpc('evm_mine')
  const { id } = await requested
  await rpc('evm_mine')
  const snapshot = await rpc('evm_snapshot')
  const mineUntil = (what: string, check: () => boolean) =>
    until(what, async () => {
      await rpc('evm_mine')
      // Blocks that follow at once would make the answer final before anybody looks.
      await new Promise((resolve) => setTimeout(resolve, 60))
      return check()
    })
  await mineUntil('an answer', hasHappened(node, 'mined', 'answer'))
  expect(await answersOf(suite, id)).toBe(1)
  await until('the blocks to be followed', hasFollowed(node, await suite.chain.getBlockNumber()))
  await rpc('evm_revert', snapshot)
  // Otherwise the same blocks are made again, hashes and all.
  await rpc('evm_increaseTime', 3)
  await rpc('evm_mine')
  expect(await answersOf(suite, id)).toBe(0)
  await mineUntil('a final answer', hasHappened(node, 'final', 'answer'))
  await node.stop()
  expect(await answersOf(suite, id)).toBe(1)
  expect(node.events.some(({ type }) => type === 'rewound')).toBe(true)
})

test('behavior: the opening of an audit that a reorganisation took back is made again', async () => {
  const { suite, transport, rpc } = await setUp({ windows: { challenge: 180, confirm: 60 } })
  const { deployment } = suite
  const auditorAccount = accountAt(4)
  const { address: auditor } = auditorAccount
  await suite.enlist(account)
  await suite.enlist(auditorAccount, { source: deployment.audits })
  const before = await suite.chain.getTransactionCount({ address: auditor })
  const { order } = await suite.requestAudited({ challengeWindow: 180 })
  await rpc('evm_setAutomine', false)
  const mineUntil = (what: string, check: () => boolean) =>
    until(
      what,
      async () => {
        await rpc('evm_mine')
        // Blocks that follow at once leave a daemon no time to act before a deadline.
        await new Promise((resolve) => setTimeout(resolve, 40))
        return check()
      },
      50_000,
    )
  const operator = startOperator({ suite, account, transport })
  await mineUntil('an answer', hasHappened(operator, 'final', 'answer'))
  await operator.stop()
  const snapshot = await rpc('evm_snapshot')
  const auditing = { auditor, minReward: 0n, settles: 'own' } as const
  const watcher = startWatcher({
    ...{ suite, account: auditorAccount, transport, operators: withheld, auditing },
  })
  await mineUntil('the opening', hasHappened(watcher, 'mined', 'openAudit'))
  await until('the blocks to be followed', hasFollowed(watcher, await suite.chain.getBlockNumber()))
  await rpc('evm_revert', snapshot)
  await rpc('evm_increaseTime', 3)
  await rpc('evm_mine')
  expect(await readAudit(suite.chain, { deployment, order })).toMatchObject({ status: 'Ordered' })

  await mineUntil('the reward', hasHappened(watcher, 'final', 'withdraw'))
  await watcher.stop()
  expect(watcher.events.some(({ type }) => type === 'rewound')).toBe(true)
  expect(await readAudit(suite.chain, { deployment, order })).toMatchObject({
    ...{ status: 'Paid', auditor },
  })
  // One transaction to open, one to confirm, one to settle, one to take the reward.
  // What the reorganisation made doubtful may have been cancelled before it was made again.
  const sent = (await suite.chain.getTransactionCount({ address: auditor })) - before
  expect(sent === 4 || sent === 5).toBe(true)
})

test('behavior: a job that a reorganisation took back is not answered', async () => {
  const { suite, transport, rpc } = await setUp()
  await suite.enlist(account)
  const snapshot = await rpc('evm_snapshot')
  const node = startOperator({ suite, account, transport, chainPolicy: { confirmations: 4 } })
  const { id } = await suite.request({ tau: 10 })
  await until('the job', () => node.events.some(({ type }) => type === 'computed'))
  await rpc('evm_revert', snapshot)
  for (let block = 0; block < 30; block++) {
    await rpc('evm_mine')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  await node.stop()
  expect(await getJobStatus(suite.chain, { deployment: suite.deployment, id })).toBe('None')
  expect(node.events.filter((event) => event.type === 'signed')).toEqual([])
})

test.each([
  ['an hour ahead', 3_600_000],
  ['an hour behind', -3_600_000],
])('behavior: a machine whose clock is %s answers in time', async (_, skew) => {
  const { suite, transport, tick } = await setUp()
  await suite.enlist(account)
  await tick(100)
  const clock = { ...systemClock, now: () => Date.now() + skew }
  const node = startOperator({ suite, account, transport, clock })
  const { id } = await suite.request()
  await until('a final answer', hasHappened(node, 'final', 'answer'))
  await node.stop()
  expect(await answersOf(suite, id)).toBe(1)
  expect(node.events.filter(({ type }) => type === 'reverted')).toEqual([])
})

test('behavior: fees are raised when blocks become too dear for an answer that is on its way', async () => {
  const { suite, transport, rpc } = await setUp()
  await suite.enlist(account)
  const node = startOperator({ suite, account, transport, chainPolicy: { bumpAfterMs: 500 } })
  await suite.request()
  await rpc('evm_setAutomine', false)
  await until('a final answer', async () => {
    const baseFee = hasHappened(node, 'signed', 'answer')() ? 50n * 10n ** 9n : 10n ** 9n
    await rpc('hardhat_setNextBlockBaseFeePerGas', `0x${baseFee.toString(16)}`)
    await rpc('evm_mine')
    await new Promise((resolve) => setTimeout(resolve, 50))
    return hasHappened(node, 'final', 'answer')()
  })
  await node.stop()
  expect(hasHappened(node, 'bumped', 'answer')()).toBe(true)
})
