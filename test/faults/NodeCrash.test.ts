import { createLiarBackend } from '@assay/node/testing'
import { operatorStakingAbi } from '@assay/protocol'
import { getEscrowBalance, getJob, type JobRecord, readAudit } from '@assay/sdk'
import { erc20Abi, http } from 'viem'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { startOperator, until } from './support/operator.ts'
import {
  linesOf,
  type StartedProcess,
  serveChain,
  startProcess,
  writeConfig,
} from './support/processes.ts'
import { accountAt, auditReward, dollars } from './support/suite.ts'

const script = 'test/faults/support/crashingDaemon.ts'

/** Blocks within which a process must have come to one of its steps. */
const maxBlocks = 100

let chain: Awaited<ReturnType<typeof serveChain>>

beforeEach(async () => {
  chain = await serveChain()
})
afterEach(() => chain.stop())

/** Mines a block a second after the last, however long that took. */
async function mineSecond() {
  const { chain: client } = chain.suite
  const { timestamp } = await client.getBlock()
  await client.setNextBlockTimestamp({ timestamp: timestamp + 1n })
  await client.mine({ blocks: 1 })
  // Blocks that follow at once leave a process no time to act before a deadline.
  await new Promise((resolve) => setTimeout(resolve, 60))
}

/** Mines while a process lives, so that no deadline passes while one is starting. */
async function mineWhile(process: StartedProcess, isOver: () => boolean, limit = maxBlocks) {
  let hasEnded = false
  void process.ended.then(() => {
    hasEnded = true
  })
  await until('its start', () => hasEnded || process.lines.length > 0)
  for (let blocks = 0; !hasEnded && !isOver(); blocks++) {
    if (blocks === limit) {
      process.child.kill('SIGKILL')
      throw new Error(`nothing happened:\n${process.lines.slice(-30).join('\n')}`)
    }
    await mineSecond()
  }
}

type Ordeal = {
  steps: string[]
  last: string
  /** Blocks within which a process must have come to one of the steps. */
  blocks?: number
}

/** Starts a daemon again and again, to be killed at each of `steps` as it comes, until it gets to `last`. */
async function surviveAll(
  daemon: string,
  config: string,
  { steps, last, blocks = maxBlocks }: Ordeal,
) {
  const left = new Set(steps)
  for (;;) {
    const process = startProcess(script, [daemon, config, ...left])
    await mineWhile(process, () => linesOf(process, last).length > 0, blocks)
    const [killed] = linesOf(process, 'killed')
    if (killed === undefined) {
      process.child.kill('SIGTERM')
      expect({ ended: await process.ended, errors: process.errors }).toEqual({
        ...{ ended: 0, errors: [] },
      })
      return expect([...left]).toEqual([])
    }
    expect(await process.ended).toBe('SIGKILL')
    left.delete(String(killed.step))
  }
}

function stepsOf(kind: string, steps: string[]) {
  return steps.map((step) => `${kind} ${step}`)
}

function countOf(record: JobRecord, name: string) {
  return record.transitions.filter((transition) => transition.name === name).length
}

test('behavior: an operator killed at every step answers once and loses nothing', async () => {
  const { suite } = chain
  const { deployment } = suite
  const account = accountAt(2)
  const { address } = account
  await suite.enlist(account)
  const before = await suite.chain.getTransactionCount({ address })
  const config = await writeConfig({ suite, account, rpcUrl: chain.url, port: 0 })
  const { id } = await suite.request({ answerWindow: 60 })
  await suite.chain.setAutomine(false)

  // A step that a restart skips, such as `sent` after `broadcast`, comes with another effect.
  const steps = [
    ...['seen', 'computed'],
    ...stepsOf('answer', ['planned', 'signed', 'broadcast', 'mined', 'final']),
    ...stepsOf('claim', ['planned', 'signed', 'sent', 'mined', 'final']),
    ...stepsOf('collect', ['planned', 'mined']),
  ]
  await surviveAll('operator', config, { steps, last: 'collect final' })

  const record = await getJob(suite.chain, { deployment, id })
  expect(['JobAnswered', 'JobSettled'].map((name) => countOf(record, name))).toEqual([1, 1])
  const balance = await suite.chain.readContract({
    ...{ address: deployment.token, abi: erc20Abi, functionName: 'balanceOf' },
    args: [address],
  })
  expect(balance).toBe((dollars(4) * 98n) / 100n)
  // One transaction for the answer, one for the claim, one for the collection.
  expect(await suite.chain.getTransactionCount({ address })).toBe(before + 3)
}, 240_000)

test('behavior: a watcher killed at every step refutes, and pays for nothing twice', async () => {
  const { suite } = chain
  const { deployment, model, program } = suite
  const [liarAccount, account] = [accountAt(2), accountAt(4)]
  const { address } = account
  await suite.enlist(liarAccount)
  await suite.fundWatcher(account)
  const before = await suite.chain.getTransactionCount({ address })
  const backend = createLiarBackend({ modelVersion: model, program })
  const transport = http(chain.url, { retryCount: 0 })
  const liar = startOperator({ suite, account: liarAccount, transport, backend })
  const config = await writeConfig({
    ...{ suite, account, rpcUrl: chain.url, port: 0 },
    overrides: { answering: undefined, settling: undefined, demands: { budget: '10000000' } },
  })
  const { id } = await suite.request({ challengeWindow: 100 })
  await suite.chain.setAutomine(false)

  const steps = [
    'wrong',
    ...stepsOf('demand', ['planned', 'signed', 'broadcast', 'mined']),
    ...stepsOf('prove', ['planned', 'signed', 'sent', 'mined']),
  ]
  await surviveAll('watch', config, { steps, last: 'withdraw final' })
  await liar.stop()

  const record = await getJob(suite.chain, { deployment, id })
  expect(countOf(record, 'JobRefuted')).toBe(1)
  // Three demands, the proof they led to, and the withdrawal of the reward.
  expect(await suite.chain.getTransactionCount({ address })).toBe(before + 5)
}, 240_000)

test('behavior: an auditor killed at every step confirms once and is paid once', async () => {
  await chain.stop()
  chain = await serveChain({ windows: { challenge: 180, confirm: 60 } })
  const { suite } = chain
  const { deployment } = suite
  const [operatorAccount, account] = [accountAt(2), accountAt(4)]
  const { address } = account
  await suite.enlist(operatorAccount)
  await suite.enlist(account, { source: deployment.audits })
  const before = await suite.chain.getTransactionCount({ address })
  const transport = http(chain.url, { retryCount: 0 })
  const operator = startOperator({ suite, account: operatorAccount, transport })
  const config = await writeConfig({
    ...{ suite, account, rpcUrl: chain.url, port: 0 },
    overrides: { answering: undefined, settling: undefined, auditing: {} },
  })
  const { order } = await suite.requestAudited({ challengeWindow: 180 })
  await suite.chain.setAutomine(false)

  const steps = [
    'right',
    ...stepsOf('openAudit', ['planned', 'signed', 'broadcast', 'mined']),
    ...['drawn', ...stepsOf('confirmAudit', ['planned', 'signed', 'sent', 'mined'])],
    ...stepsOf('settleAudit', ['planned', 'signed', 'broadcast', 'mined']),
    ...stepsOf('withdraw', ['planned', 'signed', 'sent', 'mined']),
  ]
  await surviveAll('watch', config, { steps, last: 'withdraw final', blocks: 300 })
  await operator.stop()

  const audit = await readAudit(suite.chain, { deployment, order })
  expect(audit).toMatchObject({ status: 'Paid', auditor: address })
  const spender = deployment.audits
  expect(await getEscrowBalance(suite.chain, { deployment, payer: address, spender })).toBe(0n)
  const earned = await suite.chain.readContract({
    ...{ address: deployment.token, abi: erc20Abi, functionName: 'balanceOf' },
    args: [address],
  })
  expect(earned).toBe(auditReward)
  // One transaction to open, one to confirm, one to settle, one to take the reward.
  expect(await suite.chain.getTransactionCount({ address })).toBe(before + 4)
}, 240_000)

test('behavior: the seat of an operator that died is forfeited, and another one answers', async () => {
  const { suite } = chain
  const { deployment } = suite
  const [mortal, heir] = [accountAt(2), accountAt(3)]
  for (const account of [mortal, heir]) await suite.enlist(account)
  const config = await writeConfig({
    ...{ suite, account: mortal, rpcUrl: chain.url, port: 0 },
    overrides: { answering: { mode: 'commit' } },
  })
  const { id } = await suite.request({ answerWindow: 60 })
  await suite.chain.setAutomine(false)
  // Its commitment is on-chain, and nothing of its answer has left it.
  const process = startProcess(script, ['operator', config, 'reveal planned'])
  await mineWhile(process, () => false)
  expect(await process.ended).toBe('SIGKILL')

  const transport = http(chain.url, { retryCount: 0 })
  const node = startOperator({ suite, account: heir, transport })
  for (const kind of ['answer', 'withdraw']) {
    await until(kind, async () => {
      await mineSecond()
      return node.events.some((event) => event.type === 'final' && event.intent.kind === kind)
    })
  }
  await node.stop()
  const { transitions, answer } = await getJob(suite.chain, { deployment, id })
  expect(transitions.map(({ name }) => name)).toEqual([
    ...['JobRequested', 'JobCommitted', 'SeatForfeited', 'JobAnswered'],
  ])
  expect(answer!.operator).toBe(heir.address)
  const reward = await suite.chain.readContract({
    ...{ address: deployment.staking, abi: operatorStakingAbi, functionName: 'rewardOf' },
    args: [heir.address],
  })
  expect(reward).toBe(0n)
}, 120_000)
