import { type Receipt, receiptIdOf, receiptTree } from '@assay/protocol/receipt'
import { leafHash, pathOf, verifyPath } from '@assay/protocol/tree'
import fc from 'fast-check'
import {
  bytesToHex,
  compactSignatureToSignature,
  concat,
  type Hash,
  hexToBytes,
  keccak256,
  numberToHex,
  parseSignature,
  recoverAddress,
  serializeCompactSignature,
  serializeSignature,
  signatureToCompactSignature,
} from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, test } from 'vitest'

import { buildReceiptTree, createKeccak, createReceiptHasher, loadCurve } from './exports/index.ts'

const uint = (bits: number) => fc.bigInt({ min: 0n, max: (1n << BigInt(bits)) - 1n })
const hex = (length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((bytes) => bytesToHex(bytes))
const receipts: fc.Arbitrary<Receipt> = fc.record({
  ...{ claimHash: hex(32), payer: hex(20), operator: hex(20), sequence: uint(64) },
  ...{ fee: uint(128), cumulativeFee: uint(128), servedModel: hex(32) },
  ...{ unitsIn: uint(64), unitsOut: uint(64), issuedAt: uint(64) },
})
const ledger = `0x${'1e'.repeat(20)}` as const
const idsOf = (count: number) =>
  Array.from({ length: count }, (_, i) => keccak256(numberToHex(i, { size: 4 })))

test('behavior: digests are those of the protocol, one at a time and many', () => {
  const domain = { chainId: 31337, ledger }
  const { digest, digests } = createReceiptHasher(domain)
  fc.assert(
    fc.property(fc.array(receipts, { maxLength: 9 }), (list) => {
      const expected = list.map((receipt) => receiptIdOf({ ...domain, receipt }))
      expect(digests(list)).toEqual(expected)
      expect(list.map(digest)).toEqual(expected)
    }),
  )
})

test('behavior: more digests than are hashed at a time', () => {
  const domain = { chainId: 1, ledger }
  const [receipt] = fc.sample(receipts, 1)
  const list = Array.from({ length: 600 }, (_, i) => ({ ...receipt!, sequence: BigInt(i) }))
  const expected = list.map((each) => receiptIdOf({ ...domain, receipt: each }))
  expect(createReceiptHasher(domain).digests(list)).toEqual(expected)
})

test('behavior: a receipt that is none leaves no trace in the next', () => {
  const domain = { chainId: 1, ledger }
  const { digest } = createReceiptHasher(domain)
  const [receipt, other] = fc.sample(receipts, 2) as [Receipt, Receipt]
  digest(receipt)
  expect(() => digest({ ...other, fee: undefined } as unknown as Receipt)).toThrow()
  expect(digest(receipt)).toBe(receiptIdOf({ ...domain, receipt }))
})

test.each([1, 2, 3, 4, 5, 7, 8, 9, 31, 33, 100, 255])(
  'behavior: a tree of %i receipts is that of the protocol, with every path',
  (count) => {
    const ids = idsOf(count)
    const expected = receiptTree(ids)
    const tree = buildReceiptTree(ids)
    expect(tree.root).toBe(expected.root)
    for (const [index, id] of ids.entries()) {
      const path = tree.pathOf(index)
      expect(path).toEqual(pathOf(expected, index))
      const { tag, root } = expected
      const leaf = { index, leafHash: leafHash(hexToBytes(id)), path }
      expect(verifyPath({ tag, root, count, ...leaf })).toBe(true)
    }
  },
)

test('error: a tree of nothing, or a leaf that is not there', () => {
  expect(() => buildReceiptTree([])).toThrow(expect.objectContaining({ name: 'LeafCountError' }))
  const { pathOf: path } = buildReceiptTree(idsOf(3))
  for (const leaf of [-1, 3, 0.5]) {
    expect(() => path(leaf)).toThrow(expect.objectContaining({ name: 'LeafIndexError' }))
  }
})

test('behavior: keccak256 of pieces is that of the whole', async () => {
  const bytes = Uint8Array.from({ length: 1_000 }, (_, i) => i)
  const keccak = await createKeccak()
  for (let at = 0; at < 1_000; at += 137) keccak.update(bytes.subarray(at, at + 137))
  expect(keccak.digest()).toBe(keccak256(bytes))
})

const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

describe.each(['native', 'wasm'] as const)('%s', (name) => {
  test('behavior: signs as viem does, and recovers what viem recovers', async () => {
    const curve = await loadCurve({ name })
    const keys = uint(256).filter((value) => value > 0n && value < order)
    await fc.assert(
      fc.asyncProperty(keys, hex(32), async (key, digest: Hash) => {
        const account = privateKeyToAccount(numberToHex(key, { size: 32 }))
        const signature = await account.sign({ hash: digest })
        expect(curve.sign(digest, hexToBytes(numberToHex(key, { size: 32 })))).toBe(signature)
        expect(curve.recover(digest, signature)).toBe(account.address)
        const parsed = parseSignature(signature)
        const compact = signatureToCompactSignature(parsed)
        expect(curve.recover(digest, serializeCompactSignature(compact))).toBe(account.address)
        expect(compactSignatureToSignature(compact).r).toBe(parsed.r)
        const s = numberToHex(order - BigInt(parsed.s), { size: 32 })
        const high = serializeSignature({ ...parsed, s, yParity: parsed.yParity === 0 ? 1 : 0 })
        expect(await recoverAddress({ hash: digest, signature: high })).toBe(account.address)
        expect(curve.recover(digest, high)).toBeUndefined()
      }),
      { numRuns: 40 },
    )
  })

  test('behavior: recovers from any bytes what viem recovers, or nothing', async () => {
    const curve = await loadCurve({ name })
    await fc.assert(
      fc.asyncProperty(hex(32), hex(32), uint(254), async (digest, r, s) => {
        const signature = concat([r, numberToHex(s, { size: 32 }), '0x1b'])
        const expected = await recoverAddress({ hash: digest, signature }).catch(() => undefined)
        expect(curve.recover(digest, signature)).toBe(expected)
      }),
      { numRuns: 60 },
    )
  })

  test('error: recovery bytes and lengths that no signature has', async () => {
    const curve = await loadCurve({ name })
    const digest = keccak256('0x01')
    const signature = curve.sign(digest, hexToBytes(keccak256('0x02')))
    const rs = signature.slice(0, -2)
    expect(curve.recover(digest, `${rs}${signature.endsWith('1b') ? '00' : '01'}` as Hash)).toBe(
      curve.recover(digest, signature),
    )
    for (const v of ['02', '03', '1a', '1d', '1e', '25', 'ff']) {
      expect(curve.recover(digest, `${rs}${v}` as Hash)).toBeUndefined()
    }
    for (const bad of ['0x', `${signature}00`, rs.slice(0, -2), `${signature.slice(0, -2)}zz`]) {
      expect(curve.recover(digest, bad as Hash)).toBeUndefined()
    }
    expect(curve.recover(digest, `0x${'00'.repeat(65)}`)).toBeUndefined()
  })
})
