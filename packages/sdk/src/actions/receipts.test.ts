import { hashClaim } from '@assay/protocol'
import {
  type Batch,
  commitContent,
  type Receipt,
  receiptIdOf,
  receiptTree,
  receiptTypedData,
  refundBatch,
  type SignedReceipt,
} from '@assay/protocol/receipt'
import { pathOf } from '@assay/protocol/tree'
import { buildElementProof, executeTrace, findInconsistency } from '@assay/tensor'
import { corruptElement, createRandom, randomProgram } from '@assay/tensor/examples'
import { deploySuite, dollars, publishProgram, stakeOn } from '@assay/testing'
import { network } from 'hardhat'
import { type Address, getAddress, zeroHash } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { expect, test } from 'vitest'

import { assayActions } from '../decorators/assayActions.ts'
import { isRevert } from '../errors/decodeError.ts'

const { viem, networkHelpers } = await network.create()
const fee = dollars(3)
const stake = dollars(100)

/** An operator that pledged, and a payer with a tab of 20 dollars that it ordered by signature. */
async function fixture() {
  const suite = await deploySuite(viem)
  const { deployment, actors, terms } = suite
  const { chainId, ledger } = deployment
  const bound = (name: keyof typeof actors) => actors[name].extend(assayActions(deployment))
  const [payer, operator, rival, outsider] = [
    ...[bound('payer'), bound('operator'), bound('rival'), bound('outsider')],
  ] as const
  const staked = { model: zeroHash, source: ledger, amount: stake }
  await stakeOn(suite, networkHelpers, { ...staked, operators: ['operator'] })
  await operator.pledgeStake({ total: stake })
  for (const client of [payer, rival]) await client.deposit({ amount: stake, spender: ledger })
  const by: Address = operator.account.address
  const order = await payer.signTabOrder({ operator: by, total: dollars(20) })
  await outsider.fundTab({ order })

  async function issue(overrides: Partial<Receipt> = {}): Promise<SignedReceipt> {
    const sequence = overrides.sequence ?? 1n
    const hash = commitContent({ salt: zeroHash, content: new Uint8Array([Number(sequence)]) })
    const receipt: Receipt = {
      ...{ claimHash: hash, payer: payer.account.address, operator: by, sequence },
      ...{ fee, cumulativeFee: sequence * fee, servedModel: hash, unitsIn: 1n, unitsOut: 2n },
      issuedAt: BigInt(await networkHelpers.time.latest()),
      ...overrides,
    }
    const typed = receiptTypedData({ chainId, ledger, receipt })
    return { receipt, signature: await actors.operator.signTypedData(typed) }
  }
  const idOf = ({ receipt }: SignedReceipt) => receiptIdOf({ chainId, ledger, receipt })
  return { suite, deployment, terms, payer, operator, rival, outsider, by, order, issue, idOf }
}

const load = () => networkHelpers.loadFixture(fixture)
type State = Awaited<ReturnType<typeof load>>

/** Settles a batch that collects up to receipt `sequence`. */
async function settle({ payer, operator, by }: State, sequence = 1n, index = 0) {
  const cumulativeFee = sequence * fee
  const voucher = await payer.signVoucher({ operator: by, cap: cumulativeFee })
  const collections = [{ voucher, sequence, cumulativeFee }]
  return operator.settleReceipts({ index, collections })
}

test('default: a payer that only signs, an operator that collects and is paid', async () => {
  const state = await load()
  const { payer, operator, outsider, by, order, terms, deployment } = state
  const balance = { spender: deployment.ledger }
  expect(order).toMatchObject({ payer: payer.account.address, epoch: 0 })
  expect(await payer.getTab({ operator: by })).toEqual({
    ...{ funded: dollars(20), spent: 0n, left: dollars(20), thawedAt: undefined, epoch: 0 },
  })

  const { batch, collected } = await settle(state)
  expect(collected).toEqual([
    {
      ...{ payer: getAddress(payer.account.address), status: 'Collected' },
      ...{ sequence: 1n, amount: fee, cumulativeFee: fee },
    },
  ])
  expect(await operator.getPledge()).toEqual({ pledged: stake, reserved: 2n * fee, batches: 1n })
  expect(await outsider.getBatchStatus({ batch })).toBe('Settled')
  await networkHelpers.time.increase(terms.ledger.releaseWindow)
  await outsider.releaseBatch({ batch })
  expect(await outsider.getBatchStatus({ batch })).toBe('Released')
  expect(await payer.getTab({ operator: by })).toMatchObject({ spent: fee, left: dollars(17) })
  expect(await payer.getEscrowBalance(balance)).toBe(dollars(80))
})

test('behavior: a session key signs within its cap, and one bad voucher stops no other', async () => {
  const { payer, operator, rival, by } = await load()
  const key = privateKeyToAccount(generatePrivateKey())
  const expiry = BigInt(await networkHelpers.time.latest()) + 1_000n
  const session = await payer.signSessionKey({ key: key.address, cap: fee, expiry })
  const voucher = await payer.signVoucher({ operator: by, cap: fee, session, account: key })
  expect(voucher.payer).toBe(payer.account.address)
  await rival.fundTab({ order: await rival.signTabOrder({ operator: by, total: fee }) })
  const forged = await payer.signVoucher({ operator: by, cap: fee })
  const sums = { sequence: 1n, cumulativeFee: fee }
  const collections = [
    { voucher: { ...forged, payer: rival.account.address }, ...sums },
    { voucher, ...sums },
  ]
  const { collected, batch } = await operator.settleReceipts({ index: 0, collections })
  expect(collected.map(({ status }) => status)).toEqual(['NotSigned', 'Collected'])
  expect(batch.amount).toBe(fee)
})

test('behavior: a signer settles for its operator until it is revoked, and a while longer', async () => {
  const { operator, rival, by, terms } = await load()
  const signer = rival.account.address
  await operator.setReceiptSigner({ signer })
  const { batch } = await rival.settleReceipts({ index: 0, operator: by })
  expect(batch.operator).toBe(getAddress(by))
  await operator.setReceiptSigner({ signer, active: false })
  const until = BigInt((await networkHelpers.time.latest()) + terms.ledger.signerDelay)
  expect(await rival.getReceiptSigner({ operator: by, signer })).toEqual({ until })
  await networkHelpers.time.increase(terms.ledger.signerDelay)
  const error = await rival.settleReceipts({ index: 1, operator: by }).catch((reason) => reason)
  expect(isRevert(error, 'NotOperator') && error.args.operator).toBe(getAddress(by))
})

test('behavior: two receipts of one place are struck, and the fee comes back', async () => {
  const state = await load()
  const { operator, payer, outsider, issue, idOf, deployment } = state
  const [first, second] = [await issue(), await issue({ unitsOut: 9n })]
  const { batch, outcomes } = await settle(state)
  await outsider.proveEquivocation({ first, second })
  await outsider.refundReceipt({ receipt: first.receipt, batch, outcomes, outcome: 0 })
  expect(await payer.getReceiptDispute({ id: idOf(first) })).toEqual({
    ...{ isEquivocated: true, isOmitted: false, isRefuted: false, isRefunded: true },
    ...{ openChallenges: 0, demand: undefined },
  })
  expect(await operator.getPledge()).toMatchObject({ pledged: stake - 2n * fee })
  expect(await payer.getEscrowBalance({ spender: deployment.ledger })).toBe(dollars(80) + fee)
  const rest = refundBatch({ batch, outcomes, outcome: 0, amount: fee })
  expect(await payer.getBatchStatus({ batch })).toBe('Unknown')
  expect(await payer.getBatchStatus({ batch: rest.batch })).toBe('Settled')
})

test('behavior: what was collected over the receipt comes back', async () => {
  const state = await load()
  const { payer, outsider, issue, deployment } = state
  const signed = await issue({ cumulativeFee: fee - 1n, fee: fee - 1n })
  const { batch, outcomes } = await settle(state)
  await outsider.proveOvercharge({ ...signed, batch, outcomes, outcome: 0 })
  expect(await payer.getEscrowBalance({ spender: deployment.ledger })).toBe(dollars(80) + 1n)
})

test('behavior: a demanded receipt is opened, a hidden one costs the operator', async () => {
  const state = await load()
  const { payer, operator, outsider, issue, idOf, terms, deployment } = state
  const [shown, hidden] = [await issue(), await issue({ sequence: 2n })]
  const tree = receiptTree([idOf(shown)])
  const posted = await operator.settleReceipts({ index: 0, root: tree.root, count: 1n })
  const early = await payer.demandReceipt(hidden).catch((reason) => reason)
  expect(isRevert(early, 'DemandTooEarly') && early.args.id).toBe(idOf(hidden))

  await networkHelpers.time.increase(terms.ledger.horizon)
  await payer.demandReceipt(shown)
  await payer.demandReceipt(hidden)
  const { demand } = await payer.getReceiptDispute({ id: idOf(hidden) })
  expect(demand).toEqual({
    demander: getAddress(payer.account.address),
    deadline: BigInt((await networkHelpers.time.latest()) + terms.ledger.responseWindow),
  })
  const opening = { batch: posted.batch satisfies Batch, leaf: 0n, path: pathOf(tree, 0) }
  await outsider.openReceipt({ receipt: shown.receipt, ...opening })
  const bond = terms.ledger.demandBond
  expect(await operator.getEscrowBalance({ spender: deployment.ledger })).toBe(bond)

  await networkHelpers.time.increase(terms.ledger.responseWindow)
  await outsider.proveOmission({ receipt: hidden.receipt })
  expect(await payer.getReceiptDispute({ id: idOf(hidden) })).toMatchObject({ isOmitted: true })
  expect(await operator.getPledge()).toMatchObject({ pledged: stake - 2n * fee })
})

test('behavior: a payer leaves with what is left, and its old orders are void', async () => {
  const { payer, outsider, by, order, terms, deployment } = await load()
  await payer.thawTab({ operator: by })
  const thawedAt = BigInt((await networkHelpers.time.latest()) + terms.ledger.tabThaw)
  expect(await payer.getTab({ operator: by })).toMatchObject({ thawedAt })
  const early = await payer.closeTab({ operator: by }).catch((reason) => reason)
  expect(isRevert(early, 'NotThawed') && early.args.thawedAt).toBe(thawedAt)

  await networkHelpers.time.increase(terms.ledger.tabThaw)
  await outsider.closeTab({ operator: by, payer: payer.account.address })
  expect(await payer.getEscrowBalance({ spender: deployment.ledger })).toBe(stake)
  const void_ = await outsider.fundTab({ order }).catch((reason) => reason)
  expect(isRevert(void_, 'EpochMismatch') && void_.args).toEqual({ given: 0, current: 1 })
  const again = await payer.signTabOrder({ operator: by, total: fee })
  expect(again.epoch).toBe(1)
  await outsider.fundTab({ order: again })
  expect(await payer.getTab({ operator: by })).toMatchObject({ left: fee, epoch: 1 })
})

test('behavior: batches are found as refunds left them', async () => {
  const state = await load()
  const { payer, rival, outsider, by, issue, terms } = state
  const [first, second] = [await issue(), await issue({ unitsOut: 9n })]
  const { hash } = await settle(state)
  const later = await settle(state, 2n, 1)
  await outsider.proveEquivocation({ first, second })
  const [before] = await outsider.findBatches({ operator: by })
  await outsider.refundReceipt({ receipt: first.receipt, ...before!, outcome: 0 })
  const found = await outsider.findBatches({ operator: by, payer: payer.account.address })
  expect(found.map(({ hash: settled }) => settled)).toEqual([hash, later.hash])
  expect(found[0]).toMatchObject({ batch: { amount: 0n }, collected: [{ amount: 0n }] })
  expect(found[1]).toMatchObject({ batch: later.batch, outcomes: later.outcomes })
  for (const { batch } of found) {
    expect(await outsider.getBatchStatus({ batch })).toBe('Settled')
  }
  await networkHelpers.time.increase(terms.ledger.releaseWindow)
  await outsider.releaseBatch({ batch: found[0]!.batch })
  expect(await outsider.findBatches({ operator: by, payer: rival.account.address })).toEqual([])
  expect(await outsider.findBatches({ operator: rival.account.address })).toEqual([])
})

test('behavior: terms, and what a penalty costs', async () => {
  const { outsider, terms } = await load()
  expect(await outsider.getLedgerTerms()).toEqual(terms.ledger)
  const { stakeFloor } = terms.ledger
  expect(await outsider.getPenalty({ amount: fee })).toBe(2n * fee)
  expect(await outsider.getPenalty({ amount: 0n })).toBe(stakeFloor)
})

test('behavior: a wrong answer of an exact model is proven by its receipt', async () => {
  const { suite, outsider, issue, idOf, by } = await load()
  const program = randomProgram(createRandom(1), { operators: 4, rows: 2, bytes: 8 })
  const { version: model } = await publishProgram(suite, program)
  const { rows, rowBytes } = program.operators[0]!
  const honest = executeTrace(program, new Uint8Array(rows * rowBytes).fill(7))
  const { trace } = corruptElement(createRandom(1), program, honest)
  const { inputHash, outputHash, evidenceHash } = trace
  const claim = { requestId: zeroHash, model, operator: by, inputHash, outputHash, evidenceHash }
  const signed = await issue({ claimHash: hashClaim(claim) })
  const found = findInconsistency({ program, trace, outputHash })
  if (found?.kind !== 'element') expect.unreachable()
  const proof = buildElementProof({ program, trace, ...found })
  await outsider.proveElement({ ...signed, claim, proof })
  expect(await outsider.getReceiptDispute({ id: idOf(signed) })).toMatchObject({ isRefuted: true })
})

test('error: more stake than is active', async () => {
  const { operator } = await load()
  const error = await operator.pledgeStake({ total: stake + 1n }).catch((reason) => reason)
  expect(isRevert(error, 'InsufficientStake') && error.args.active).toBe(stake)
})
