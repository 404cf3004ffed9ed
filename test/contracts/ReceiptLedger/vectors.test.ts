import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type Receipt,
  receiptIdOf,
  receiptTypedData,
  voucherTypedData,
} from '@assay/protocol/receipt'
import { verifyPath } from '@assay/protocol/tree'
import fc from 'fast-check'
import {
  type Address,
  bytesToHex,
  concat,
  getAddress,
  type Hash,
  hashTypedData,
  keccak256,
} from 'viem'
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

test('behavior: what random receipts and vouchers hash to', async () => {
  const { chainId, ledger } = await networkHelpers.loadFixture(deployLedger)
  const domain = { chainId, ledger: ledger.address }
  const uint = (bits: number) => fc.bigInt({ min: 0n, max: 2n ** BigInt(bits) - 1n })
  const bytes = (size: number) =>
    fc.uint8Array({ minLength: size, maxLength: size }).map((value) => bytesToHex(value))
  const address = bytes(20).map((value) => getAddress(value))
  const anyReceipt = fc.record({
    ...{ claimHash: bytes(32), payer: address, operator: address, sequence: uint(64) },
    ...{ fee: uint(128), cumulativeFee: uint(128), servedModel: bytes(32) },
    ...{ unitsIn: uint(64), unitsOut: uint(64), issuedAt: uint(64) },
  })
  const anyVoucher = fc.record({ payer: address, operator: address, cap: uint(128) })
  for (const receipt of fc.sample(anyReceipt, 50)) {
    const digest = hashTypedData(receiptTypedData({ ...domain, receipt }))
    expect(await ledger.read.receiptId([receipt])).toBe(digest)
    expect(receiptIdOf({ ...domain, receipt })).toBe(digest)
  }
  for (const voucher of fc.sample(anyVoucher, 50)) {
    const digest = hashTypedData(voucherTypedData({ ...domain, voucher }))
    expect(await ledger.read.voucherDigest([voucher])).toBe(digest)
  }
})

test('behavior: trees', () => {
  for (const { ids, root, index, path } of trees) {
    const leafHash = keccak256(concat(['0x00', ids[index]!]))
    const proof = { tag: 'RCP1' as const, count: ids.length, index, leafHash, path, root }
    expect(verifyPath(proof)).toBe(true)
    expect(verifyPath({ ...proof, tag: 'TRC1' })).toBe(false)
  }
})
