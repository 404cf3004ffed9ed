import { type Address, type Hash, type Hex, hexToBytes } from 'viem'

import type { Curve, Primitives } from './curve.ts'
import { curveOf } from './curveOf.ts'
import { CurveUnavailableError } from './errors.ts'
import { loadNative } from './loadNative.ts'
import { loadWasm } from './loadWasm.ts'

export type LoadCurveParameters = {
  /** Which to load; by default the native one, and the other where that is not there or is wrong. */
  name?: Curve['name']
}

const loaders: Record<Curve['name'], () => Promise<Primitives> | Primitives> = {
  native: loadNative,
  wasm: loadWasm,
}

/**
 * Loads secp256k1, and checks it against a known signature before anything is signed by it. Throws `CurveUnavailableError`.
 *
 * @example
 * const curve = await loadCurve()
 * curve.recover(digest, curve.sign(digest, privateKey)) // '0x2c75…'
 */
export async function loadCurve({ name }: LoadCurveParameters = {}): Promise<Curve> {
  const names = name === undefined ? (['native', 'wasm'] as const) : [name]
  const causes: unknown[] = []
  for (const candidate of names) {
    try {
      return check(curveOf(candidate, await loaders[candidate]()))
    } catch (cause) {
      causes.push(cause)
    }
  }
  throw new CurveUnavailableError(names, new AggregateError(causes))
}

/** A signature by the key 1 of the digest 1, as RFC 6979 has it. */
const known = {
  digest: `0x${'00'.repeat(31)}01` as Hash,
  address: '0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf' as Address,
  signature:
    '0x6673ffad2147741f04772b6f921f0ba6af0c1e77fc439e65c36dedf4092e88984c1a971652e0ada880120ef8025e709fff2080c4a39aae068d12eed009b68c891c' as Hex,
}

function check(curve: Curve): Curve {
  const { digest, address, signature } = known
  const isRight =
    curve.sign(digest, hexToBytes(digest)) === signature &&
    curve.recover(digest, signature) === address
  if (!isRight) throw new CurveUnavailableError([curve.name])
  return curve
}
