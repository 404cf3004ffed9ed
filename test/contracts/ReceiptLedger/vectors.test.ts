import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Receipt } from '@assay/protocol/receipt'
import { verifyPath } from '@assay/protocol/tree'
import { type Address, concat, type Hash, keccak256 } from 'viem'
import { expect, test } from 'vitest'

import type { ReceiptVectors } from '../../../scripts/vectors/receipts/receiptVectors.ts'
import { networkHelpers, viem } from '../fixtures.ts'
import { deployLedger } from './fixtures.ts'

const path = join(import.meta.dirname, '../../vectors/receipts.json')
const vectors: ReceiptVectors = JSON.parse(readFileSync(path, 'utf8'))
const { receipts, signed, trees } = vectors

/** The ledger's code at the address of the vectors, whose domain is another one there. */
async function deployVectorLedger() {
  const { ledger, publicClient } = await deployLedger()
  const address = receipts[0]!.ledger
  const code = await publicClient.getCode({ address: ledger.address })
  await networkHelpers.setCode(address, code!)
  return viem.getContractAt('ReceiptLedger', address)
}

function receiptOf(fields: Record<string, string>): Receipt {
  const amount = (name: string) => BigInt(fields[name]!)
  return {
    claimHash: fields.claimHash as Hash,
    payer: fields.payer as Address,
    operator: fields.operator as Address,
    sequence: amount('sequence'),
    fee: amount('fee'),
    cumulativeFee: amount('cumulativeFee'),
    servedModel: fields.servedModel as Hash,
    unitsIn: amount('unitsIn'),
    unitsOut: amount('unitsOut'),
    issuedAt: amount('issuedAt'),
  }
}

test('behavior: ids of receipts', async () => {
  const ledger = await networkHelpers.loadFixture(deployVectorLedger)
  for (const { id, receipt } of receipts) {
    expect(await ledger.read.receiptId([receiptOf(receipt)])).toBe(id)
  }
})

test('behavior: digests of what payers sign', async () => {
  const ledger = await networkHelpers.loadFixture(deployVectorLedger)
  const { voucher, session, order } = signed
  const parties = ({ message }: { message: Record<string, string> }) => ({
    payer: message.payer as Address,
    operator: message.operator as Address,
  })
  const cap = BigInt(voucher.message.cap!)
  const { key, expiry } = session.message as { key: Address; expiry: string }
  const { total, epoch } = order.message as { total: string; epoch: string }
  expect(await ledger.read.voucherDigest([{ ...parties(voucher), cap }])).toBe(voucher.digest)
  expect(
    await ledger.read.sessionDigest([{ ...parties(session), key, cap, expiry: BigInt(expiry) }]),
  ).toBe(session.digest)
  expect(
    await ledger.read.orderDigest([
      { ...parties(order), total: BigInt(total), epoch: Number(epoch) },
    ]),
  ).toBe(order.digest)
})

test('behavior: trees', () => {
  for (const { ids, root, index, path } of trees) {
    const leafHash = keccak256(concat(['0x00', ids[index]!]))
    const proof = { tag: 'RCP1' as const, count: ids.length, index, leafHash, path, root }
    expect(verifyPath(proof)).toBe(true)
    expect(verifyPath({ ...proof, tag: 'TRC1' })).toBe(false)
  }
})
