import { type Claim, hashClaim } from '@assay/protocol'
import {
  type Batch,
  batchOf,
  type Collection,
  encodeCollection,
  encodeReceiptContext,
  orderTypedData,
  type Receipt,
  readBatchNumber,
  receiptIdOf,
  receiptTypedData,
  type SessionKey,
  sessionTypedData,
  voucherTypedData,
} from '@assay/protocol/receipt'
import { defaultTerms } from '@assay/testing'
import {
  type Address,
  type Hash,
  type Hex,
  keccak256,
  parseEventLogs,
  toHex,
  zeroAddress,
  zeroHash,
} from 'viem'

import { deployCore, dollars, networkHelpers, viem } from '../fixtures.ts'

export const terms = defaultTerms.ledger

/** Seconds for which every penalty can begin. */
export const liability = terms.horizon + terms.demandWindow
/** Seconds for which a batch keeps its slot. */
export const retention = liability + terms.responseWindow
export const pledged = dollars(500)
export const deposited = dollars(1000)
export const tab = dollars(100)
export const fee = dollars(3)

/** Core contracts and a ledger in which the operator pledged, and the payer has a tab with it. */
export async function deployLedger() {
  const core = await deployCore()
  const { admin, publisher, operator, payer, rival, token, registry, escrow, staking } = core

  const verifier = await viem.deployContract('TestVerifier')
  await registry.write.approveVerifier([verifier.address], { account: admin })
  const salt = keccak256(toHex('chat'))
  await registry.write.create([salt, 'chat'], { account: publisher })
  const modelId = await registry.read.modelId([publisher, salt])
  const manifestHash = keccak256(toHex('manifest'))
  const methods = [{ verifier: verifier.address, root: salt, data: '0x' as Hex }]
  await registry.write.publish([modelId, manifestHash, '', methods], { account: publisher })
  const model = await registry.read.versionId([modelId, manifestHash, methods])

  const args = [escrow.address, staking.address, registry.address, terms] as const
  const ledger = await viem.deployContract('ReceiptLedger', args)
  for (const account of [operator, rival]) {
    await staking.write.deposit([account, pledged], { account })
    await staking.write.allocate([ledger.address, zeroHash, pledged], { account })
  }
  await networkHelpers.time.increase(await staking.read.ACTIVATION_DELAY())
  for (const account of [operator, rival]) {
    await staking.write.activate([ledger.address, zeroHash, account])
    await ledger.write.pledge([pledged], { account })
  }
  for (const account of [payer, rival]) {
    await escrow.write.deposit([account, ledger.address, deposited], { account })
  }
  const order = { payer, operator, total: tab, epoch: 0 }
  await ledger.write.fund([order, '0x'], { account: payer })
  const chainId = await core.publicClient.getChainId()
  return { ...core, token, verifier, model, ledger, chainId }
}

export type LedgerFixture = Awaited<ReturnType<typeof deployLedger>>

const now = async () => BigInt(await networkHelpers.time.latest())

/** An answer with the receipt that the operator signed for it. */
export type Answer = { receipt: Receipt; claim: Claim; signature: Hex; id: Hash; context: Hex }

/** Signs a receipt of the payer's channel; its fees are `fee` each unless told. */
export async function issueReceipt(
  fixture: LedgerFixture,
  overrides: Partial<Receipt> = {},
  signer?: Address,
): Promise<Answer> {
  const { chainId, ledger, model, operator, payer } = fixture
  const sequence = overrides.sequence ?? 1n
  const claim: Claim = {
    requestId: keccak256(toHex(`request ${sequence}`)),
    model,
    operator: overrides.operator ?? operator,
    inputHash: keccak256(toHex('prompt')),
    outputHash: keccak256(toHex('answer')),
    evidenceHash: zeroHash,
  }
  const receipt: Receipt = {
    claimHash: hashClaim(claim),
    payer,
    operator,
    sequence,
    fee,
    cumulativeFee: sequence * fee,
    servedModel: keccak256(toHex('chat-1')),
    unitsIn: 12n,
    unitsOut: 34n,
    issuedAt: await now(),
    ...overrides,
  }
  const client = await viem.getWalletClient(signer ?? receipt.operator)
  const typed = receiptTypedData({ chainId, ledger: ledger.address, receipt })
  const signature = await client.signTypedData(typed)
  const id = receiptIdOf({ chainId, ledger: ledger.address, receipt })
  return {
    receipt,
    claim,
    signature,
    id,
    context: encodeReceiptContext({ receipt, signature, claim }),
  }
}

export type CollectionOptions = {
  payer?: Address
  operator?: Address
  sequence?: bigint
  cumulativeFee?: bigint
  cap?: bigint
  /** Who signs the voucher; the payer unless told. */
  signer?: Address
  authority?: number
}

/** A collection whose voucher is signed. */
export async function createCollection(fixture: LedgerFixture, options: CollectionOptions = {}) {
  const { chainId, ledger } = fixture
  const { payer = fixture.payer, operator = fixture.operator, sequence = 1n } = options
  const cumulativeFee = options.cumulativeFee ?? sequence * fee
  const cap = options.cap ?? cumulativeFee
  const client = await viem.getWalletClient(options.signer ?? payer)
  const voucher = { payer, operator, cap }
  const signature = await client.signTypedData(
    voucherTypedData({ chainId, ledger: ledger.address, voucher }),
  )
  const { authority = 0 } = options
  return encodeCollection({ payer, sequence, cumulativeFee, cap, authority, signature })
}

/** A session key that the payer signed. */
export async function createAuthority(fixture: LedgerFixture, overrides: Partial<SessionKey> = {}) {
  const { chainId, ledger, payer, submitter } = fixture
  const expiry = (await now()) + 1000n
  const session = { payer, key: submitter, operator: zeroAddress, cap: tab, expiry, ...overrides }
  const client = await viem.getWalletClient(payer)
  const signature = await client.signTypedData(
    sessionTypedData({ chainId, ledger: ledger.address, session }),
  )
  const { key, operator, cap } = session
  return { key, operator, cap, expiry: session.expiry, signature }
}

export type Authority = Awaited<ReturnType<typeof createAuthority>>

/** The payer's signature of an order. */
export async function signOrder(
  { chainId, ledger }: LedgerFixture,
  order: { payer: Address; operator: Address; total: bigint; epoch: number },
  signer: Address = order.payer,
) {
  const client = await viem.getWalletClient(signer)
  return client.signTypedData(orderTypedData({ chainId, ledger: ledger.address, order }))
}

export type SettledBatch = {
  batch: Batch
  settledAt: bigint
  outcomes: readonly bigint[]
  hash: Hash
}

export type SettleOptions = {
  collections?: readonly Collection[]
  authorities?: Authority[]
  root?: Hash
  count?: bigint
  index?: number
  operator?: Address
}

/** Settles a batch and reads it from its event. */
export async function settleBatch(
  fixture: LedgerFixture,
  options: SettleOptions = {},
): Promise<SettledBatch> {
  const { ledger, publicClient } = fixture
  const { collections = [], authorities = [], operator = fixture.operator } = options
  const { index = 0, root = zeroHash, count = root === zeroHash ? 0n : 1n } = options
  const posting = { index, root, count, dataHash: keccak256(toHex('data')) }
  const args = [operator, posting, collections, authorities] as const
  const hash = await ledger.write.settle(args, { account: operator })
  const { logs } = await publicClient.getTransactionReceipt({ hash })
  const [log] = parseEventLogs({ abi: ledger.abi, eventName: 'BatchSettled', logs })
  const batch = batchOf(log!.args)
  const { settledAt } = readBatchNumber(batch.number)
  return { batch, settledAt, outcomes: log!.args.outcomes, hash }
}

/** Lets the next block be the first at `time`, in seconds. */
export async function reach(time: bigint) {
  await networkHelpers.time.setNextBlockTimestamp(time)
}

export { now }
