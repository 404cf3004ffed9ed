import { type Curve, createReceiptHasher, loadCurve } from '@assay/crypto'
import { receiptIdOf } from '@assay/protocol/receipt'
import { type Hash, type Hex, hexToBytes, keccak256, recoverAddress, toHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'

import type { Row, Table } from '../lib/report.ts'
import { createReceipts, domain } from './receipts.ts'
import { medianOfTurns } from './timing.ts'

/** Something done `count` times in a turn. */
type Contender = {
  what: string
  by: string
  count: number
  goal?: number
  run: () => unknown
}

/** Receipts that a turn takes: enough for several milliseconds of each contender. */
const counts = { digests: 50_000, viemDigests: 1_000, curve: 2_000, viemCurve: 200 }

const privateKey = keccak256(toHex('a key of an operator'))

/** Times digests, signatures and recovery beside viem, on one thread; all take the same receipts. */
export async function measureCurve(rounds: number): Promise<Table> {
  const contenders = [...digestContenders(), ...(await curveContenders())]
  const spent = await medianOfTurns(
    contenders.map(({ run }) => run),
    rounds,
  )
  const rates = contenders.map(({ count }, i) => count / spent[i]!.cpu)
  const rows = contenders.map(({ what, by, count, goal }, i): Row => {
    const viem = contenders.findIndex((other) => other.what === what && other.by === 'viem')
    const rate = rates[i]!
    return {
      ...{ what, by },
      'a second of processor time': Math.round(rate),
      'a second': Math.round(count / spent[i]!.wall),
      'of viem': rate / rates[viem]!,
      goal: goal === undefined ? '' : `≥ ${goal.toLocaleString('en')}`,
      met: goal === undefined ? '' : rate >= goal,
    }
  })
  return { title: 'Receipts, one thread', rows }
}

function digestContenders(): Contender[] {
  const receipts = createReceipts()(0, counts.digests)
  const few = receipts.slice(0, counts.viemDigests)
  const hasher = createReceiptHasher(domain)
  const viem = () => few.map((receipt) => receiptIdOf({ ...domain, receipt }))
  requireEqual(hasher.digests(few), viem())
  const what = 'digest'
  const [count, goal] = [counts.digests, 400_000]
  return [
    { what, by: 'kernels, many at a time', count, goal, run: () => hasher.digests(receipts) },
    { what, by: 'kernels, one at a time', count, goal, run: () => receipts.map(hasher.digest) },
    { what, by: 'viem', count: counts.viemDigests, run: viem },
  ]
}

async function curveContenders(): Promise<Contender[]> {
  const digests = createReceiptHasher(domain).digests(createReceipts()(0, counts.curve))
  const few = digests.slice(0, counts.viemCurve)
  const account = privateKeyToAccount(privateKey)
  const signAll = () => Promise.all(few.map((hash) => account.sign({ hash })))
  const key = hexToBytes(privateKey)
  const [native, wasm] = [await loadCurve({ name: 'native' }), await loadCurve({ name: 'wasm' })]
  const signatures = digests.map((digest) => native.sign(digest, key))
  for (const curve of [native, wasm]) {
    requireEqual(
      few.map((digest) => curve.sign(digest, key)),
      await signAll(),
    )
    requireEqual(
      few.map((digest, i) => curve.recover(digest, signatures[i]!)!),
      few.map(() => account.address),
    )
  }
  const count = counts.curve
  const sign = (curve: Curve) => () => digests.map((digest) => curve.sign(digest, key))
  const recover = (curve: Curve) => () =>
    digests.map((digest, i) => curve.recover(digest, signatures[i]!))
  const recoverAll = () =>
    Promise.all(few.map((hash, i) => recoverAddress({ hash, signature: signatures[i]! })))
  return [
    { what: 'sign', by: 'native', count, goal: 25_000, run: sign(native) },
    { what: 'sign', by: 'WASM', count, goal: 10_000, run: sign(wasm) },
    { what: 'sign', by: 'viem', count: few.length, run: signAll },
    { what: 'recover', by: 'native', count, goal: 20_000, run: recover(native) },
    { what: 'recover', by: 'WASM', count, run: recover(wasm) },
    { what: 'recover', by: 'viem', count: few.length, run: recoverAll },
  ]
}

/** What is fast and wrong is not measured. */
function requireEqual(found: readonly Hex[], expected: readonly Hash[]) {
  if (found.join() !== expected.join()) throw new Error('the contenders disagree')
}
