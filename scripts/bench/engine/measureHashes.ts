import { buildTree } from '@assay/protocol/tree'
import { composeProgram } from '@assay/tensor'
import { createRandom } from '@assay/tensor/examples'
import { createEngine } from '@assay/tensor/fast'
import { createKeccak } from 'hash-wasm'
import { concatBytes, keccak256 } from 'viem'

import type { Table } from '../lib/report.ts'
import { bestOf } from './best.ts'

/** Rows of the tensors committed to, each a hash of one block: as many leaves and nearly as many nodes above them. */
const rows = 2 ** 15
const nodes = 2 * rows

/** Hashes that the others make in a turn. */
const few = 2_000

const goal = { rate: 2e6, ratio: 20 }

/** Times hashes of two nodes: the engine's as a whole commitment to the input and one more tensor of 32-byte rows. */
export async function measureHashes(rounds: number): Promise<Table> {
  const identity = Uint8Array.from({ length: 256 }, (_, byte) => byte)
  const layers = [{ kind: 'lookup', source: 0, table: identity }] as const
  const engine = createEngine(composeProgram({ input: { rows, rowBytes: 32 }, layers }))
  const input = createRandom(3).bytes(32 * rows)
  const pair = concatBytes([Uint8Array.of(1), input.subarray(0, 64)])
  const hasher = await createKeccak(256)
  const leaves = Array.from({ length: few / 2 }, (_, i) => input.subarray(32 * i, 32 * i + 32))
  const repeat = (hash: () => unknown) => () => {
    for (let i = 0; i < few; i += 1) hash()
  }
  const contenders = [
    { name: 'fast engine, commitment', hashes: 2 * nodes, run: () => engine.commit(input) },
    { name: 'viem', hashes: few, run: repeat(() => keccak256(pair, 'bytes')) },
    { name: 'buildTree (viem)', hashes: few, run: () => buildTree('TNS1', leaves) },
    {
      name: 'hash-wasm',
      hashes: few,
      run: repeat(() => hasher.init().update(pair).digest('binary')),
    },
  ]
  const best = await bestOf(contenders, rounds)
  const rate = (i: number) => (contenders[i]!.hashes / best[i]!) * 1_000
  return {
    title: 'Merkle trees: hashes of two nodes, one thread',
    rows: contenders.map(({ name }, i) => ({
      what: name,
      'hashes/s': Math.round(rate(i)),
      'of viem': rate(i) / rate(1),
      goal: i === 0 ? '≥ 2.0 M/s and ≥ 20 ×' : '',
      met: i === 0 ? rate(0) >= goal.rate && rate(0) / rate(1) >= goal.ratio : '',
    })),
  }
}
