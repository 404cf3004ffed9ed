import {
  commitTrace,
  composeProgram,
  executeTrace,
  outputOf,
  type Program,
  type Trace,
  weightCode,
  weightInitCode,
} from '@assay/tensor'
import { createRandom } from '@assay/tensor/examples'
import { type Address, bytesToHex, encodeAbiParameters, type Hex } from 'viem'

import type { GasChain } from './chain.ts'

/** The demo model with one input, its honest run, and its weights on the chain. */
export async function createDemo(chain: GasChain) {
  const random = createRandom(784)
  const row = (inputs: number) => ({
    bias: random.integer(-20_000, 20_000),
    multiplier: random.integer(2 ** 30, 2 ** 31 - 1),
    shift: -Math.ceil(Math.log2(inputs)) - 3,
    weights: Int8Array.from(random.bytes(inputs)),
  })
  const layer = (source: number, inputs: number, outputs: number) => ({
    kind: 'dense' as const,
    source,
    rows: Array.from({ length: outputs }, () => row(inputs)),
    outputZero: 128,
    clampMin: 0,
    clampMax: 255,
  })
  const program = composeProgram({
    input: { rows: 1, rowBytes: 784 },
    layers: [layer(0, 784, 24), layer(1, 24, 10)],
  })
  const input = random.bytes(784)
  const trace = executeTrace(program, input)

  const descriptors = program.descriptors.map((bytes) => bytesToHex(bytes))
  const data = encodeAbiParameters([{ type: 'bytes[]' }], [descriptors])
  return {
    program,
    trace,
    descriptors,
    input: bytesToHex(input),
    output: bytesToHex(outputOf(trace)),
    weights: await storeWeights(chain, program),
    method: { root: program.tree.root, data },
  }
}

async function storeWeights(chain: GasChain, program: Program): Promise<Address[]> {
  const addresses: Address[] = []
  for (const chunk of weightCode(program)) {
    const sent = chain.wallets[0]!.sendTransaction({ data: weightInitCode(chunk) })
    addresses.push((await chain.receiptOf(sent)).contractAddress!)
  }
  return addresses
}

/** Commits anew to `trace` with row 0 of `tensor` changed. */
export function corruptTrace(
  program: Program,
  trace: Trace,
  tensor: number,
  change: (row: Uint8Array) => Uint8Array,
): Trace {
  const tensors = trace.tensors.map((rows, index) =>
    index === tensor ? [change(rows[0]!), ...rows.slice(1)] : rows,
  )
  return commitTrace(program, tensors)
}

/** Returns `output` with its first byte changed. */
export function wrongOutput(output: Hex): Hex {
  const first = Number.parseInt(output.slice(2, 4), 16) ^ 1
  return `0x${first.toString(16).padStart(2, '0')}${output.slice(4)}`
}
