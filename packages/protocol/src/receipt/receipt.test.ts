import { readFileSync } from 'node:fs'
import { type Address, bytesToHex, type Hash, type Hex, stringToBytes, zeroAddress } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, test } from 'vitest'

import type { Claim } from '../claim/claim.ts'
import { hashClaim } from '../claim/hashClaim.ts'
import { batchOf, readBatchNumber, refundBatch, reservationOf } from './batch.ts'
import { canonicalJson } from './canonicalJson.ts'
import { commitContent } from './commitContent.ts'
import {
  CanonicalJsonError,
  OutcomesMalformedError,
  ReceiptClaimError,
  ReceiptFieldError,
  SessionKeyError,
  SignerMismatchError,
} from './errors.ts'
import { collectionStatuses, decodeOutcomes, encodeOutcomes, hashOutcomes } from './outcomes.ts'
import type { Receipt } from './receipt.ts'
import { receiptIdOf } from './receiptIdOf.ts'
import { receiptTypedData, sessionTypedData, voucherTypedData } from './typedData.ts'
import { verifyReceipt } from './verifyReceipt.ts'
import { verifyVoucher } from './verifyVoucher.ts'

const operator = privateKeyToAccount(`0x${'11'.repeat(32)}`)
const payer = privateKeyToAccount(`0x${'22'.repeat(32)}`)
const key = privateKeyToAccount(`0x${'33'.repeat(32)}`)
const word = (byte: string): Hash => `0x${byte.repeat(32)}`
const ledger: Address = `0x${'44'.repeat(20)}`
const domain = { chainId: 31337, ledger }

const claim: Claim = {
  requestId: word('01'),
  model: word('02'),
  operator: operator.address,
  inputHash: word('03'),
  outputHash: word('04'),
  evidenceHash: word('05'),
}

const receipt: Receipt = {
  claimHash: hashClaim(claim),
  payer: payer.address,
  operator: operator.address,
  sequence: 2n,
  fee: 5n,
  cumulativeFee: 12n,
  servedModel: word('06'),
  unitsIn: 100n,
  unitsOut: 200n,
  issuedAt: 1_800_000_000n,
}

const previous: Receipt = { ...receipt, sequence: 1n, fee: 7n, cumulativeFee: 7n }

const sign = (given: Receipt, by = operator) =>
  by.signTypedData(receiptTypedData({ ...domain, receipt: given }))

describe('verifyReceipt', () => {
  test('default: a receipt of the operator', async () => {
    const signature = await sign(receipt)
    await verifyReceipt({ ...domain, receipt, signature, claim, previous })
  })

  test('parameters: signers', async () => {
    const signature = await sign(receipt, key)
    await verifyReceipt({ ...domain, receipt, signature, signers: [key.address] })
    await expect(verifyReceipt({ ...domain, receipt, signature })).rejects.toThrow(
      SignerMismatchError,
    )
  })

  test('parameters: recover', async () => {
    const signature = await sign(receipt)
    const asked: Hash[] = []
    const recover = (digest: Hash) => {
      asked.push(digest)
      return operator.address
    }
    await verifyReceipt({ ...domain, receipt, signature, recover })
    expect(asked).toEqual([receiptIdOf({ ...domain, receipt })])
    for (const other of [() => payer.address, () => undefined, () => Promise.reject()]) {
      const verified = verifyReceipt({ ...domain, receipt, signature, recover: other })
      await expect(verified).rejects.toThrow(SignerMismatchError)
    }
  })

  test.each(Object.keys(receipt))('error: %s was changed after signing', async (field) => {
    const value = receipt[field as keyof Receipt]
    const changed = typeof value === 'bigint' ? value + 1n : field.length > 8 ? word('ff') : ledger
    const forged = { ...receipt, [field]: changed } as Receipt
    const signature = await sign(receipt)
    await expect(verifyReceipt({ ...domain, receipt: forged, signature })).rejects.toThrow(
      SignerMismatchError,
    )
  })

  test('error: another chain, another ledger, no signature', async () => {
    const signature = await sign(receipt)
    for (const other of [{ chainId: 1 }, { ledger: payer.address }, { signature: '0x' as Hex }]) {
      await expect(verifyReceipt({ ...domain, receipt, signature, ...other })).rejects.toThrow(
        SignerMismatchError,
      )
    }
  })

  test('error: another claim', async () => {
    const signature = await sign(receipt)
    const other = { ...claim, outputHash: word('ff') }
    await expect(verifyReceipt({ ...domain, receipt, signature, claim: other })).rejects.toThrow(
      ReceiptClaimError,
    )
  })

  test.each([
    ['sequence', { sequence: 4n }],
    ['cumulativeFee', { cumulativeFee: 13n }],
  ] as const)('error: %s does not follow', async (field, change) => {
    const changed = { ...receipt, ...change }
    const signature = await sign(changed)
    const verified = verifyReceipt({ ...domain, receipt: changed, signature, previous })
    await expect(verified).rejects.toThrow(ReceiptFieldError)
    await expect(verified).rejects.toMatchObject({ field })
  })

  test('error: less in sum than alone', async () => {
    const changed = { ...receipt, cumulativeFee: 4n }
    const verified = sign(changed).then((signature) =>
      verifyReceipt({ ...domain, receipt: changed, signature }),
    )
    await expect(verified).rejects.toMatchObject({ field: 'cumulativeFee' })
  })
})

describe('verifyVoucher', () => {
  const voucher = { payer: payer.address, operator: operator.address, cap: 50n }
  const session = {
    payer: payer.address,
    key: key.address,
    operator: zeroAddress as Address,
    cap: 50n,
    expiry: 100n,
  }
  const signed = async (overrides: Partial<typeof session> = {}, by = payer) => {
    const changed = { ...session, ...overrides }
    const signature = await by.signTypedData(sessionTypedData({ ...domain, session: changed }))
    return { ...changed, signature }
  }
  const typed = voucherTypedData({ ...domain, voucher })

  test('default: a voucher of the payer', async () => {
    await verifyVoucher({ ...domain, voucher, signature: await payer.signTypedData(typed) })
    const signature = await operator.signTypedData(typed)
    await expect(verifyVoucher({ ...domain, voucher, signature })).rejects.toThrow(
      SignerMismatchError,
    )
  })

  test('parameters: session', async () => {
    const signature = await key.signTypedData(typed)
    const verify = async (given: Awaited<ReturnType<typeof signed>>, timestamp = 99n) =>
      verifyVoucher({ ...domain, voucher, signature, session: given, timestamp })
    await verify(await signed())
    await verify(await signed({ operator: operator.address }))
    await expect(verify(await signed({}, operator))).rejects.toThrow(SignerMismatchError)
    for (const refused of [
      verify(await signed(), 100n),
      verify(await signed({ operator: key.address })),
      verify(await signed({ cap: 49n })),
      verify(await signed({ payer: key.address })),
    ]) {
      await expect(refused).rejects.toThrow(SessionKeyError)
    }
  })
})

describe('outcomes', () => {
  const outcomes = collectionStatuses.map((status, i) => ({
    payer: payer.address,
    status,
    sequence: 2n ** 64n - BigInt(i) - 1n,
    amount: 2n ** 96n - 1n,
    cumulativeFee: 2n ** 128n - 1n,
  }))

  test('behavior: are read as they were written', () => {
    expect(decodeOutcomes(encodeOutcomes(outcomes))).toEqual(outcomes)
  })

  test('behavior: a refund takes from its own outcome only', () => {
    const words = encodeOutcomes(outcomes)
    const settled = { operator: operator.address, number: 0n, root: word('00'), count: 0n }
    const batch = batchOf({ ...settled, outcomes: words })
    const amount = outcomes.reduce((sum, outcome) => sum + outcome.amount, 0n)
    expect(batch.amount).toBe(amount)
    const rest = refundBatch({ batch, outcomes: words, outcome: 1, amount: 4n })
    const expected = outcomes.map((outcome, i) =>
      i === 1 ? { ...outcome, amount: outcome.amount - 4n } : outcome,
    )
    expect(decodeOutcomes(rest.outcomes)).toEqual(expected)
    expect(rest.batch).toEqual({
      ...batch,
      amount: amount - 4n,
      outcomesHash: hashOutcomes(rest.outcomes),
    })
  })

  test('behavior: a batch number holds a time and a slot', () => {
    const largest = { settledAt: 2n ** 40n - 1n, index: 2 ** 24 - 1 }
    expect(readBatchNumber(2n ** 64n - 1n)).toEqual(largest)
    expect(readBatchNumber((1_800_000_000n << 24n) | 3n)).toEqual({
      ...{ settledAt: 1_800_000_000n, index: 3 },
    })
  })

  test('behavior: a batch reserves its share, or the floor, or nothing', () => {
    const terms = { stakeRatioPpm: 1_500_000, stakeFloor: 10n }
    const amounts = [0n, 1n, 6n, 7n, 100n]
    expect(amounts.map((amount) => reservationOf({ amount, terms }))).toEqual([
      ...[0n, 10n, 10n, 10n, 150n],
    ])
  })

  test('error: half an outcome, and a status that there is not', () => {
    expect(() => decodeOutcomes([1n])).toThrow(OutcomesMalformedError)
    expect(() => decodeOutcomes([7n << 64n, 0n])).toThrow(OutcomesMalformedError)
  })

  test('behavior: statuses are those of the contract', () => {
    const source = readFileSync('contracts/types/Batch.sol', 'utf8')
    const body = source.match(/enum CollectionStatus \{([^}]*)\}/)?.[1] ?? ''
    const names = [...body.replaceAll(/\/\/.*/g, '').matchAll(/\w+/g)].map(([name]) => name)
    expect(names).toEqual([...collectionStatuses])
  })
})

type Vectors = {
  canonical: { value: unknown; bytes: Hex }[]
  commitments: { salt: Hex; content: Hex; commitment: Hash }[]
  receipts: { chainId: number; ledger: Address; receipt: Record<string, string>; id: Hash }[]
}

const { canonical, commitments, receipts }: Vectors = JSON.parse(
  readFileSync('test/vectors/receipts.json', 'utf8'),
)

describe('behavior: vectors', () => {
  test.each(canonical)('canonical JSON of $value', ({ value, bytes }) => {
    expect(bytesToHex(canonicalJson(value))).toBe(bytes)
  })

  test.each(commitments)('commitment to $content', ({ salt, content, commitment }) => {
    expect(commitContent({ salt, content: Buffer.from(content.slice(2), 'hex') })).toBe(commitment)
  })

  test('ids of receipts', () => {
    expect(receipts.length).toBeGreaterThan(0)
    for (const vector of receipts) {
      const given = receiptOf(vector.receipt)
      expect(receiptIdOf({ ...vector, receipt: given })).toBe(vector.id)
    }
  })
})

function receiptOf(fields: Record<string, string>): Receipt {
  const amounts = ['sequence', 'fee', 'cumulativeFee', 'unitsIn', 'unitsOut', 'issuedAt']
  const entries = Object.entries(fields).map(([name, value]) => [
    name,
    amounts.includes(name) ? BigInt(value) : value,
  ])
  // The vectors hold every field of a receipt, in decimal or hex.
  return Object.fromEntries(entries) as Receipt
}

test('error: what JSON cannot say', () => {
  for (const value of [undefined, Number.NaN, 1n]) {
    expect(() => canonicalJson(value)).toThrow(CanonicalJsonError)
  }
  expect(stringToBytes('{}')).toEqual(canonicalJson({}))
})
