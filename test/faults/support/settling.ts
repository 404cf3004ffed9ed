import type { Issuer, Payment } from '@assay/node'
import type { ReceiptDocument } from '@assay/protocol/http'
import {
  activateStake,
  allocateStake,
  deposit,
  depositStake,
  fundTab,
  pledgeStake,
  registerOperator,
  signTabOrder,
  signVoucher,
} from '@assay/sdk'
import { type LocalAccount, numberToHex, zeroHash } from 'viem'

import { activationDelay, dollars, type Suite } from './suite.ts'

/** A registered operator with a pledge behind its receipts. */
export async function backReceipts(suite: Suite, account: LocalAccount, pledged = 500) {
  const { deployment } = suite
  const client = suite.clientOf(account)
  const amount = dollars(1_000)
  const model = zeroHash
  const source = deployment.ledger
  await suite.mint(account.address, 2_000)
  await registerOperator(client, { deployment, endpoint: 'http://operator.invalid' })
  await depositStake(client, { deployment, amount })
  await allocateStake(client, { deployment, model, source, amount })
  await suite.chain.increaseTime({ seconds: activationDelay })
  await suite.chain.mine({ blocks: 1 })
  await activateStake(client, { deployment, model, source, operator: account.address })
  await pledgeStake(client, { deployment, total: dollars(pledged) })
}

/** A payer with 100 in its tab, and a voucher for all of it. */
export async function hire(suite: Suite, account: LocalAccount, payer: LocalAccount) {
  const { deployment } = suite
  const client = suite.clientOf(payer)
  const operator = account.address
  await suite.mint(payer.address, 200)
  await deposit(client, { deployment, spender: deployment.ledger, amount: dollars(150) })
  const order = await signTabOrder(client, { deployment, operator, total: dollars(100), epoch: 0 })
  await fundTab(client, { deployment, order })
  await suite.chain.mine({ blocks: 3 })
  const voucher = await signVoucher(client, { deployment, operator, cap: dollars(100) })
  return { client, payment: { kind: 'tab', voucher } satisfies Payment }
}

let requests = 0

/** Answers one request of a payer, and returns the receipt. */
export async function serve(
  { issuer }: { issuer: Issuer },
  payment: Payment,
  fee = 2,
): Promise<ReceiptDocument> {
  requests += 1
  const requestId = numberToHex(requests, { size: 32 })
  const quote = dollars(fee)
  const admitted = await issuer.admit({ requestId, requestHash: zeroHash, payment, quote })
  if (admitted.kind === 'repeated') throw new Error('repeated')
  return admitted.admission.issue({
    ...{ requestId, model: zeroHash, inputHash: zeroHash, outputHash: zeroHash },
    ...{ evidenceHash: zeroHash, fee: quote, unitsIn: 1n, unitsOut: 1n, servedModel: 'm' },
    ...{ usage: 'upstream', content: 'bytes', privacy: 'hashed', secret: zeroHash },
    ...{ isSecretOurs: false, request: new Uint8Array() },
    reply: { contentType: 'application/json', body: new Uint8Array([1]) },
  })
}
