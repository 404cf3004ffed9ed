import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLiarBackend } from '@assay/node/testing'
import { auditsAbi } from '@assay/protocol'
import { deriveEncryptionKeys, encryptionKeyOf } from '@assay/protocol/envelope'
import {
  demandNode,
  deposit,
  getEscrowBalance,
  getJob,
  getJobStatus,
  readAudit,
  registerOperator,
  sealInput,
} from '@assay/sdk'
import { buildDemand, executeTrace, nodeTrees } from '@assay/tensor'
import { erc20Abi, keccak256, toHex } from 'viem'
import { expect, test } from 'vitest'

import { startOperator, until } from '../faults/support/operator.ts'
import { setUp } from '../faults/support/setUp.ts'
import { accountAt, auditReward, dollars, type Suite } from '../faults/support/suite.ts'
import { startWatcher, withheld } from '../faults/support/watcher.ts'

const operatorAccount = accountAt(2)
const auditorAccount = accountAt(4)
const auditor = auditorAccount.address
const own = { auditor, minReward: 0n, settles: 'own' } as const

/** Long enough to open, confirm and refute in. */
const challengeWindow = 40

type Started = ReturnType<typeof startWatcher>

/** Milliseconds that the whole window may take on a busy machine. */
const patience = 50_000

function untilAudited({ events }: Started) {
  const isAudited = () => events.some(({ type }) => type === 'audited')
  return until('the reward', isAudited, patience)
}

function untilTaken(watcher: Started) {
  return until('the withdrawal', () => isFinal(watcher, 'withdraw'), patience)
}

/** A chain with an operator and an auditor that have stake, and a job whose audit is ordered. */
async function setUpAudit({ ratePpm = 1_000_000, stake = 100, auditors = [auditorAccount] } = {}) {
  const world = await setUp()
  const { suite } = world
  const source = suite.deployment.audits
  await suite.enlist(operatorAccount)
  for (const account of auditors) await suite.enlist(account, { source, stake })
  const ordered = await suite.requestAudited({ ratePpm, challengeWindow })
  await world.tick(100)
  return { ...world, ...ordered, client: suite.clientOf(auditorAccount) }
}

/** What a watcher planned, by kind. */
function plannedBy({ events }: Started) {
  return events.flatMap((event) => (event.type === 'planned' ? [event.intent.kind] : []))
}

function isFinal({ events }: Started, kind: string) {
  return events.some((event) => event.type === 'final' && event.intent.kind === kind)
}

function rewardsOf(suite: Suite, payer = auditor) {
  const { deployment, clientOf } = suite
  const account = { payer, spender: deployment.audits }
  return getEscrowBalance(clientOf(auditorAccount), { deployment, ...account })
}

function walletOf({ deployment, clientOf }: Suite, account = auditor) {
  return clientOf(auditorAccount).readContract({
    ...{ address: deployment.token, abi: erc20Abi, functionName: 'balanceOf' },
    args: [account],
  })
}

function reservedOf({ deployment, clientOf, model }: Suite, account = auditor) {
  return clientOf(auditorAccount).readContract({
    ...{ address: deployment.audits, abi: auditsAbi, functionName: 'reservedOf' },
    args: [model, account],
  })
}

test('default: the drawn auditor confirms a right answer and is paid', async () => {
  const { suite, transport, client, order, auditId } = await setUpAudit()
  const { deployment } = suite
  const operator = startOperator({ suite, account: operatorAccount, transport })
  const watcher = startWatcher({
    ...{ suite, account: auditorAccount, transport, operators: withheld, auditing: own },
  })
  await until('the confirmation', () => isFinal(watcher, 'confirmAudit'))
  expect(await reservedOf(suite)).toBe(10n * auditReward)
  expect(await rewardsOf(suite)).toBe(0n)
  await untilTaken(watcher)
  await Promise.all([operator.stop(), watcher.stop()])

  expect(plannedBy(watcher)).toEqual(['openAudit', 'confirmAudit', 'settleAudit', 'withdraw'])
  const drawn = watcher.events.filter(({ type }) => type === 'drawn')
  expect(drawn).toEqual([expect.objectContaining({ auditId })])
  expect(await readAudit(client, { deployment, order })).toMatchObject({ status: 'Paid', auditor })
  expect(await rewardsOf(suite)).toBe(0n)
  expect(await walletOf(suite)).toBe(auditReward)
  expect(await reservedOf(suite)).toBe(0n)
})

test("behavior: of the auditor's escrow only what it earned is taken", async () => {
  const { suite, transport, client } = await setUpAudit()
  const { deployment, chain } = suite
  await suite.mint(auditor, 7)
  const spender = deployment.audits
  await deposit(client, { deployment, spender, amount: dollars(7) })
  const path = join(mkdtempSync(join(tmpdir(), 'assay-auditor-')), 'journal.sqlite')
  const asAuditor = { suite, account: auditorAccount, transport, operators: withheld, path }
  const operator = startOperator({ suite, account: operatorAccount, transport })
  const watcher = startWatcher({ ...asAuditor, auditing: own })
  await untilTaken(watcher)
  await Promise.all([operator.stop(), watcher.stop()])
  expect(await rewardsOf(suite)).toBe(dollars(7))

  const second = startWatcher({ ...asAuditor, auditing: own })
  const head = await chain.getBlockNumber()
  const isLater = ({ events }: Started) =>
    events.some((event) => event.type === 'block' && event.header.number > head + 5n)
  await until('more blocks', () => isLater(second))
  await second.stop()
  expect(plannedBy(second)).toEqual([])
  expect(await rewardsOf(suite)).toBe(dollars(7))
  expect(await walletOf(suite)).toBe(auditReward)
})

test('default: a wrong answer is refuted, not confirmed, and the reward returns', async () => {
  const { suite, transport, client, id, order } = await setUpAudit()
  const { deployment, model, program, payer } = suite
  await suite.fundWatcher(auditorAccount)
  const backend = createLiarBackend({ modelVersion: model, program })
  const liar = startOperator({ suite, account: operatorAccount, transport, backend })
  const watcher = startWatcher({
    ...{ suite, account: auditorAccount, transport, operators: withheld },
    auditing: { ...own, settles: 'all' },
  })
  await until('the reward', () => isFinal(watcher, 'withdraw'))
  await until('the settlement', () => isFinal(watcher, 'settleAudit'))
  await Promise.all([liar.stop(), watcher.stop()])

  expect(await getJobStatus(client, { deployment, id })).toBe('Refuted')
  expect(plannedBy(watcher)).not.toContain('openAudit')
  expect(plannedBy(watcher)).not.toContain('confirmAudit')
  expect(await readAudit(client, { deployment, order })).toMatchObject({ status: 'Returned' })
  const spender = deployment.audits
  const returned = await getEscrowBalance(client, { deployment, payer: payer.address, spender })
  expect(returned).toBe(dollars(100))
  expect(await walletOf(suite)).toBe((dollars(8) * 3n) / 10n)
})

test('behavior: what is not drawn is settled at once where everybody is served', async () => {
  const { suite, transport, client, id, order } = await setUpAudit({ ratePpm: 1 })
  const { deployment } = suite
  const operator = startOperator({ suite, account: operatorAccount, transport })
  const watcher = startWatcher({
    ...{ suite, account: auditorAccount, transport, operators: withheld },
    auditing: { ...own, settles: 'all' },
  })
  await until('the settlement', () => isFinal(watcher, 'settleAudit'))
  expect(await getJobStatus(client, { deployment, id })).toBe('Answered')
  await Promise.all([operator.stop(), watcher.stop()])
  expect(plannedBy(watcher)).toEqual(['openAudit', 'settleAudit'])
  expect(await readAudit(client, { deployment, order })).toMatchObject({ status: 'Returned' })
})

test('behavior: an auditor supplies what is demanded of an answer that it vouched for', async () => {
  const { suite, transport, client, id, input } = await setUpAudit()
  const { deployment, program } = suite
  const operator = startOperator({ suite, account: operatorAccount, transport, supplies: false })
  const watcher = startWatcher({
    ...{ suite, account: auditorAccount, transport, operators: withheld, auditing: own },
  })
  await until('the confirmation', () => isFinal(watcher, 'confirmAudit'))
  const demander = accountAt(5)
  await suite.fundWatcher(demander)
  const { answer } = await getJob(client, { deployment, id })
  const node = { tree: nodeTrees.trace, index: 0, leaf: 2 ** 32 - 1 }
  const { evidenceHash } = executeTrace(program, input)
  const { hash, proof } = buildDemand({ program, claim: answer!.claim, node })
  expect(hash).toBe(evidenceHash)
  await demandNode(suite.clientOf(demander), { deployment, answer: answer!, node, hash, proof })
  await untilTaken(watcher)
  await Promise.all([operator.stop(), watcher.stop()])
  const guarded = ['openAudit', 'confirmAudit', 'supply', 'settleAudit', 'withdraw']
  expect(plannedBy(watcher)).toEqual(guarded)
  expect(await getJobStatus(client, { deployment, id })).toBe('Final')
  expect(await walletOf(suite)).toBe(auditReward)
})

test('behavior: of two auditors one confirms, and nothing of the other is held', async () => {
  const rival = accountAt(5)
  const auditors = [auditorAccount, rival]
  const { suite, transport, client, order } = await setUpAudit({ auditors })
  const { deployment } = suite
  const operator = startOperator({ suite, account: operatorAccount, transport })
  const watchers = auditors.map((account) =>
    startWatcher({
      ...{ suite, account, transport, operators: withheld },
      auditing: { ...own, auditor: account.address },
    }),
  )
  const isPaid = ({ events }: Started) => events.some(({ type }) => type === 'audited')
  const isTaken = () => watchers.some((watcher) => isFinal(watcher, 'withdraw'))
  await until('the withdrawal', isTaken, patience)
  await Promise.all([operator, ...watchers].map(({ stop }) => stop()))
  const audit = await readAudit(client, { deployment, order })
  expect(audit.status).toBe('Paid')
  const [winner, loser] = isPaid(watchers[0]!) ? [auditor, rival.address] : [rival.address, auditor]
  expect(audit.auditor).toBe(winner)
  const rewards = await Promise.all([walletOf(suite, winner), walletOf(suite, loser)])
  expect(rewards).toEqual([auditReward, 0n])
  expect(await reservedOf(suite, loser)).toBe(0n)
})

test('behavior: an auditor that comes back long after the job became final is paid', async () => {
  const { suite, transport, client, id, order } = await setUpAudit()
  const { deployment, chain } = suite
  const path = join(mkdtempSync(join(tmpdir(), 'assay-auditor-')), 'journal.sqlite')
  const asAuditor = { suite, account: auditorAccount, transport, operators: withheld, path }
  const operator = startOperator({ suite, account: operatorAccount, transport })
  const first = startWatcher({ ...asAuditor, auditing: own })
  await until('the confirmation', () => isFinal(first, 'confirmAudit'), patience)
  await Promise.all([operator.stop(), first.stop()])
  await chain.mine({ blocks: 40, interval: 2 })
  expect(await getJobStatus(client, { deployment, id })).toBe('Final')

  const second = startWatcher({ ...asAuditor, auditing: own })
  await untilTaken(second)
  await second.stop()
  expect(plannedBy(second)).toEqual(['settleAudit', 'withdraw'])
  expect(await readAudit(client, { deployment, order })).toMatchObject({ status: 'Paid', auditor })
})

test('behavior: an auditor with too little stake leaves audits to others', async () => {
  const { suite, transport, client, order } = await setUpAudit({ stake: 9 })
  const { deployment } = suite
  const operator = startOperator({ suite, account: operatorAccount, transport })
  const watcher = startWatcher({
    ...{ suite, account: auditorAccount, transport, operators: withheld, auditing: own },
  })
  await until('a verdict', () => watcher.events.some(({ type }) => type === 'right'))
  const { length } = watcher.events.filter(({ type }) => type === 'block')
  const blocks = () => watcher.events.filter(({ type }) => type === 'block').length
  await until('more blocks', () => blocks() > length + 5)
  await Promise.all([operator.stop(), watcher.stop()])
  expect(plannedBy(watcher)).toEqual([])
  expect(await readAudit(client, { deployment, order })).toMatchObject({ status: 'Ordered' })
})

test('behavior: an auditor whose signer opens a sealed input confirms its answer', async () => {
  const { suite, transport, tick } = await setUp()
  const { deployment } = suite
  const signer = accountAt(5)
  const [operatorKeys, auditorKeys] = await Promise.all(
    ['operator', 'auditor'].map((name) => deriveEncryptionKeys(keccak256(toHex(name)))),
  )
  const [toOperator, toAuditor] = await Promise.all(
    [operatorKeys!, auditorKeys!].map(encryptionKeyOf),
  )
  await suite.enlist(operatorAccount, { encryptionKey: toOperator! })
  await suite.enlist(auditorAccount, { source: deployment.audits, stake: 100 })
  const client = suite.clientOf(auditorAccount)
  const record = { signer: signer.address, encryptionKey: toAuditor! }
  await registerOperator(client, { deployment, ...record })
  const { input, inputHash } = suite.draft()
  const sealed = await sealInput(client, { deployment, model: suite.model, input, inputHash })
  const { order } = await suite.requestAudited({ inputHash, input: sealed, challengeWindow })
  await tick(100)
  const operator = startOperator({
    ...{ suite, account: operatorAccount, transport, encryptionKeys: operatorKeys! },
  })
  const watcher = startWatcher({
    ...{ suite, account: signer, transport, operators: withheld, auditing: own },
    encryptionKeys: auditorKeys!,
  })
  await untilAudited(watcher)
  await Promise.all([operator.stop(), watcher.stop()])
  expect(await readAudit(client, { deployment, order })).toMatchObject({ status: 'Paid', auditor })
})

test('behavior: a key confirms for an auditor once it is its registered signer', async () => {
  const { suite, transport, client, order } = await setUpAudit()
  const { deployment } = suite
  const signer = accountAt(5)
  const operator = startOperator({ suite, account: operatorAccount, transport })
  const watcher = startWatcher({
    ...{ suite, account: signer, transport, operators: withheld, auditing: own },
  })
  await until('a refusal', () => watcher.events.some(({ type }) => type === 'ineligible'))
  expect(plannedBy(watcher)).toEqual([])
  await registerOperator(client, { deployment, signer: signer.address })
  await untilAudited(watcher)
  await Promise.all([operator.stop(), watcher.stop()])
  expect(await readAudit(client, { deployment, order })).toMatchObject({ status: 'Paid', auditor })
  expect(plannedBy(watcher)).not.toContain('withdraw')
  expect(await rewardsOf(suite)).toBe(auditReward)
})
