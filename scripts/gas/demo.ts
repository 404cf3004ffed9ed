import { join } from 'node:path'
import { weightChunks, weightInitCode } from '@assay/protocol'
import {
  commitTrace,
  executeTrace,
  outputOf,
  type Program,
  type Trace,
  weightBytes,
} from '@assay/tensor'
import { loadProgram, loadSamples } from '@assay/tensor/node'
import { type Address, bytesToHex, type Hex } from 'viem'

import type { GasChain } from './chain.ts'

const FOLDER = join(import.meta.dirname, '../../models/digits')

/** The demo model with one of its samples, the honest run on it, and its weights on the chain. */
export async function createDemo(chain: GasChain) {
  const program = await loadProgram({ folder: FOLDER })
  const { rows, rowBytes } = program.operators[0]!
  const file = join(FOLDER, 'samples.bin')
  const [sample] = await loadSamples({ file, inputLength: rows * rowBytes })
  const { input, label } = sample!
  const trace = executeTrace(program, input)

  const descriptors = program.descriptors.map((bytes) => bytesToHex(bytes))
  return {
    program,
    trace,
    descriptors,
    input: bytesToHex(input),
    output: bytesToHex(outputOf(trace)),
    /** The digit that the sample shows, and that the model reads. */
    digit: label,
    weights: await storeWeights(chain, program),
  }
}

/** Deploys a program's weights as code. */
export async function storeWeights(chain: GasChain, program: Program): Promise<Address[]> {
  const addresses: Address[] = []
  for (const chunk of weightChunks(weightBytes(program))) {
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
