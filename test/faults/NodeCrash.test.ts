import { createLiarBackend } from '@assay/node/testing'
import { operatorStakingAbi } from '@assay/protocol'
import { getEscrowBalance, getJob, type JobRecord, readAudit } from '@assay/sdk'
import { erc20Abi, http } from 'viem'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { startOperator, until } from './support/operator.ts'
import { crashingDaemon, mineSecond, mineWhile, stepsOf, surviveAll } from './support/ordeal.ts'
import { serveChain, startProcess, writeConfig } from './support/processes.ts'
import { accountAt, auditReward, dollars } from './support/suite.ts'

let chain: Awaited<ReturnType<typeof serveChain>>

beforeEach(async () => {
  chain = await serveChain()
})
afterEach(() => chain.stop())

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
  await surviveAll(suite, 'operator', config, { steps, last: 'collect final' })

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
  await surviveAll(suite, 'watch', config, { steps, last: 'withdraw final' })
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
  await surviveAll(suite, 'watch', config, { steps, last: 'withdraw final', blocks: 300 })
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
  const process = startProcess(crashingDaemon, ['operator', config, 'reveal planned'])
  await mineWhile(suite, process, () => false)
  expect(await process.ended).toBe('SIGKILL')

  const transport = http(chain.url, { retryCount: 0 })
  const node = startOperator({ suite, account: heir, transport })
  for (const kind of ['answer', 'withdraw']) {
    await until(kind, async () => {
      await mineSecond(suite)
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
