import { type Claim, hashClaim } from '@assay/protocol'
import {
  batchOf,
  encodeCollection,
  encodeReceiptContext,
  orderTypedData,
  type Receipt,
  readBatchNumber,
  receiptIdOf,
  receiptTypedData,
  voucherTypedData,
} from '@assay/protocol/receipt'
import { dollars } from '@assay/testing'
import { type Hash, parseEventLogs, zeroHash } from 'viem'
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'

import type { GasChain } from './chain.ts'
import type { Run } from './meter.ts'
import { type World, wordOf } from './world.ts'

export const FEE = dollars(1)

export const LEDGER_TERMS = {
  stakeRatioPpm: 1_000_000,
  stakeFloor: dollars(1),
  demandBond: dollars(1),
  releaseWindow: 300,
  horizon: 3_600,
  demandWindow: 3_600,
  responseWindow: 600,
  challengeWindow: 3_600,
  tabThaw: 300,
  signerDelay: 60,
}

/** A `ReceiptLedger` in which the operator pledged and fifty payers, and one more, have deposits. */
export async function deployLedger(chain: GasChain, world: World) {
  const { escrow, operator, outsider, payer, registry, staking, chainId } = world
  const args = [escrow.address, staking.address, registry.address, LEDGER_TERMS] as const
  const ledger = await chain.viem.deployContract('ReceiptLedger', args)
  const stake = dollars(10_000)
  await chain.receiptOf(staking.write.deposit([operator.account, stake], operator))
  await chain.receiptOf(staking.write.allocate([ledger.address, zeroHash, stake], operator))
  chain.warpTo(chain.now() + (await staking.read.ACTIVATION_DELAY()))
  const allocation = [ledger.address, zeroHash, operator.account] as const
  await chain.receiptOf(staking.write.activate(allocation, outsider))
  const payers = Array.from({ length: 50 }, (_, i) => privateKeyToAccount(wordOf(`payer ${i}`)))
  for (const { address } of payers) {
    await chain.receiptOf(escrow.write.deposit([address, ledger.address, dollars(20)], payer))
  }
  const deposit = [payer.account, ledger.address, dollars(50)] as const
  await chain.receiptOf(escrow.write.deposit(deposit, payer))
  return { ...world, ledger, payers, domain: { chainId, ledger: ledger.address }, stake }
}

export type LedgerWorld = Awaited<ReturnType<typeof deployLedger>>

/** An order that its payer signed. */
export async function signOrder(world: LedgerWorld, payer: PrivateKeyAccount, total: bigint) {
  const order = { payer: payer.address, operator: world.operator.account, total, epoch: 0 }
  const signature = await payer.signTypedData(orderTypedData({ ...world.domain, order }))
  return [order, signature] as const
}

/** A collection up to receipt `sequence`, whose voucher its payer signed. */
export async function collect(world: LedgerWorld, payer: PrivateKeyAccount, sequence: bigint) {
  const cumulativeFee = sequence * FEE
  const { account: operator } = world.operator
  const voucher = { payer: payer.address, operator, cap: cumulativeFee }
  const signature = await payer.signTypedData(voucherTypedData({ ...world.domain, voucher }))
  return encodeCollection({
    payer: payer.address,
    sequence,
    cumulativeFee,
    cap: cumulativeFee,
    signature,
  })
}

/** A receipt that the operator signed. */
export async function issue(chain: GasChain, world: LedgerWorld, overrides: Partial<Receipt>) {
  const { domain, operator, payers, version } = world
  const claim: Claim = {
    ...{ requestId: wordOf('request'), model: version, operator: operator.account },
    ...{ inputHash: wordOf('input'), outputHash: wordOf('output'), evidenceHash: wordOf('trace') },
  }
  const receipt: Receipt = {
    ...{ claimHash: hashClaim(claim), payer: payers[0]!.address, operator: operator.account },
    ...{ sequence: 1n, fee: FEE, cumulativeFee: FEE, servedModel: wordOf('model') },
    ...{ unitsIn: 1_000n, unitsOut: 500n, issuedAt: chain.now() },
    ...overrides,
  }
  const typed = receiptTypedData({ ...domain, receipt })
  const signature = await chain.walletOf(operator.account).signTypedData(typed)
  const id = receiptIdOf({ ...domain, receipt })
  return { receipt, signature, id, context: encodeReceiptContext({ receipt, signature, claim }) }
}

export type Issued = Awaited<ReturnType<typeof issue>>

type Posted = {
  collections?: Awaited<ReturnType<typeof collect>>[]
  index?: number
  root?: Hash
  count?: bigint
}

/** Settles a batch under the operation named and reads it from its event. */
export async function settle(
  { ledger, operator }: LedgerWorld,
  operation: string,
  run: Run,
  { collections = [], index = 0, root = wordOf('root'), count = 10_000n }: Posted,
) {
  const posting = { index, root, count, dataHash: wordOf('data') }
  const args = [operator.account, posting, collections, []] as const
  const { logs } = await run(operation, ledger.write.settle(args, operator))
  const [log] = parseEventLogs({ abi: ledger.abi, eventName: 'BatchSettled', logs })
  const batch = batchOf(log!.args)
  const { settledAt } = readBatchNumber(batch.number)
  return { batch, settledAt, outcomes: log!.args.outcomes }
}
