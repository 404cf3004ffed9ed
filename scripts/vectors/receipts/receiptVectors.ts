import {
  canonicalJson,
  commitContent,
  orderTypedData,
  type Receipt,
  receiptIdOf,
  receiptTree,
  sessionTypedData,
  voucherTypedData,
} from '@assay/protocol/receipt'
import { pathOf } from '@assay/protocol/tree'
import {
  type Address,
  bytesToHex,
  getAddress,
  type Hash,
  hashTypedData,
  keccak256,
  slice,
  toHex,
  zeroAddress,
} from 'viem'

const wordOf = (name: string): Hash => keccak256(toHex(name))
const addressOf = (name: string): Address => getAddress(slice(wordOf(name), 12))

/** Where the vectors' ledger is. */
const domain = { chainId: 31337, ledger: addressOf('ledger') }

/** Values whose canonical form is easy to get wrong. */
const values: unknown[] = [
  null,
  { b: 1, a: [true, false, null] },
  { '\u20ac': 'euro', '\r': 'return', '\ufb33': 'dalet', '1': 'one', '\u{1f600}': 'smile' },
  [333333333.3333333, 1e30, 4.5, 2e-3, 1e-27, 1e21, 9007199254740991],
  { text: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/' },
  { messages: [{ role: 'user', content: 'Grüße, 世界' }], temperature: 0.7, stream: true },
]

function receiptVector(index: number) {
  const isLargest = index === 0
  const amount = (bits: bigint, small: bigint) => (isLargest ? 2n ** bits - 1n : small)
  const receipt: Receipt = {
    claimHash: wordOf(`claim ${index}`),
    payer: addressOf(`payer ${index}`),
    operator: addressOf('operator'),
    sequence: amount(64n, BigInt(index)),
    fee: amount(128n, 250n),
    cumulativeFee: amount(128n, 250n * BigInt(index)),
    servedModel: wordOf('served model'),
    unitsIn: amount(64n, 1_200n),
    unitsOut: amount(64n, 340n),
    issuedAt: amount(64n, 1_800_000_000n),
  }
  const fields = Object.entries(receipt).map(([name, value]) => [name, String(value)])
  return { ...domain, receipt: Object.fromEntries(fields), id: receiptIdOf({ ...domain, receipt }) }
}

function signedVectors() {
  const [payer, operator, key] = [addressOf('payer 1'), addressOf('operator'), addressOf('key')]
  const voucher = { payer, operator, cap: 10n ** 9n }
  const session = { payer, key, operator: zeroAddress, cap: 10n ** 9n, expiry: 1_800_000_000n }
  const order = { payer, operator, total: 10n ** 10n, epoch: 3 }
  const typed = [
    voucherTypedData({ ...domain, voucher }),
    sessionTypedData({ ...domain, session }),
    orderTypedData({ ...domain, order }),
  ] as const
  return {
    voucher: { message: textOf(voucher), digest: hashTypedData(typed[0]) },
    session: { message: textOf(session), digest: hashTypedData(typed[1]) },
    order: { message: textOf(order), digest: hashTypedData(typed[2]) },
  }
}

function textOf(message: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(Object.entries(message).map(([name, value]) => [name, String(value)]))
}

function treeVector(count: number) {
  const ids = Array.from({ length: count }, (_, i) => wordOf(`receipt ${i}`))
  const tree = receiptTree(ids)
  const index = count - 1
  return { ids, root: tree.root, index, path: pathOf(tree, index) }
}

/** Hashes and canonical bytes of receipts, from fixed names. */
export function receiptVectors() {
  const contents = ['', 'exact bytes', '{"a":1}']
  return {
    canonical: values.map((value) => ({ value, bytes: bytesToHex(canonicalJson(value)) })),
    commitments: contents.map((text) => {
      const [salt, content] = [wordOf(`salt of ${text}`), new TextEncoder().encode(text)]
      const commitment = commitContent({ salt, content })
      return { salt, content: bytesToHex(content), commitment }
    }),
    receipts: [0, 1, 2].map(receiptVector),
    signed: signedVectors(),
    trees: [1, 2, 3, 5, 8].map(treeVector),
  }
}

export type ReceiptVectors = ReturnType<typeof receiptVectors>
