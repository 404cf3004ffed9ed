import type { ReceiptDocument } from '@assay/protocol/http'
import fc from 'fast-check'
import { toHex, zeroHash } from 'viem'
import { expect, test } from 'vitest'

import { ContradictionError, createChannel } from './createChannel.ts'

const at = (index: number) => toHex(index, { size: 20 })
const operator = at(1)

function documentOf(sequence: bigint, fee: bigint, cumulativeFee: bigint): ReceiptDocument {
  const receipt = {
    ...{ claimHash: zeroHash, payer: at(2), operator, sequence, fee, cumulativeFee },
    ...{ servedModel: zeroHash, unitsIn: 1n, unitsOut: 1n, issuedAt: 1n },
  }
  return {
    ...{ version: 1, chainId: 1, ledger: at(3), receipt, signature: '0x', servedModel: 'a' },
    ...{ usage: 'upstream', content: 'bytes' },
  }
}

function chainOf(fees: readonly bigint[]) {
  let sum = 0n
  return fees.map((fee, index) => {
    sum += fee
    return documentOf(BigInt(index + 1), fee, sum)
  })
}

const cap = 1n << 100n

test('behavior: receipts add up in whatever order they come', () => {
  const fees = fc.array(fc.bigInt(0n, 1_000n), { minLength: 1, maxLength: 12 })
  const shuffled = fees.chain((list) => {
    const documents = chainOf(list)
    return fc.shuffledSubarray(documents, { minLength: documents.length })
  })
  fc.assert(
    fc.property(shuffled, (documents) => {
      const all = new Map(documents.map((document) => [document.receipt.sequence, document]))
      const channel = createChannel(operator, [], (sequence) => all.get(sequence))
      for (const document of documents) expect(channel.add(document, cap).kind).toBe('added')
      expect(channel.complete()).toBe(BigInt(documents.length))
      expect(channel.hasGap()).toBe(false)
      expect(channel.owed()).toBe(documents.reduce((sum, { receipt }) => sum + receipt.fee, 0n))
      for (const document of documents) expect(channel.add(document, cap).kind).toBe('repeated')
    }),
  )
})

test('behavior: it goes on where the journal left it', () => {
  const documents = chainOf([1n, 2n, 3n])
  const channel = createChannel(operator, documents.slice(0, 2), () => undefined)
  expect([channel.owed(), channel.complete()]).toEqual([3n, 2n])
  channel.add(documents[2]!, cap)
  expect(channel.owed()).toBe(6n)
})

const [first, second, third] = chainOf([5n, 5n, 5n]) as [
  ReceiptDocument,
  ReceiptDocument,
  ReceiptDocument,
]

test.each([
  ['two in one place', [first, documentOf(1n, 4n, 4n)], 'equivocation'],
  ['two in a place long past', [first, second, third, documentOf(1n, 4n, 4n)], 'equivocation'],
  ['a first that does not begin at nothing', [documentOf(1n, 5n, 6n)], 'sum'],
  ['a sum over the one before', [first, documentOf(2n, 5n, 11n)], 'sum'],
  [
    'a sum that leaves no room for the one between',
    [first, second, documentOf(4n, 5n, 14n)],
    'sum',
  ],
  ['a sum that the next one contradicts', [third, documentOf(2n, 5n, 9n)], 'sum'],
  ['more than the voucher', [documentOf(1n, 101n, 101n)], 'cap'],
  ['no place at all', [documentOf(0n, 0n, 0n)], 'cap'],
] as [string, ReceiptDocument[], string][])('error: %s', (_, documents, about) => {
  const all = new Map<bigint, ReceiptDocument>()
  const channel = createChannel(operator, [], (sequence) => all.get(sequence))
  for (const document of documents.slice(0, -1)) {
    channel.add(document, 100n)
    all.set(document.receipt.sequence, document)
  }
  const owed = channel.owed()
  const caught = (() => {
    try {
      return channel.add(documents.at(-1)!, 100n)
    } catch (error) {
      return error
    }
  })()
  expect(caught).toBeInstanceOf(ContradictionError)
  expect(caught).toMatchObject({ about })
  expect(channel.owed()).toBe(owed)
})
