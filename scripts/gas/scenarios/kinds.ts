import { rootOfPath } from '@assay/protocol/tree'
import {
  buildElementProof,
  commitTrace,
  encodeWeightRow,
  executeTrace,
  outputOf,
} from '@assay/tensor'
import { createRandom } from '@assay/tensor/examples'
import { bytesToHex, concat, encodeFunctionData, keccak256 } from 'viem'

import { storeWeights, wrongOutput } from '../demo.ts'
import { conv1M, dense1M, type MeasuredProgram, resnet8Conv, trees100x6 } from '../programs.ts'
import { answerTrace, publishProgram } from '../versions.ts'
import { wordOf } from '../world.ts'
import type { Scene } from './scene.ts'

/** Depth of the two trees that a measured neuron is opened in. */
const DEPTH = 20

/** Measures `TensorVerifier` against elements of other kinds and sizes than the demo model has. */
export async function measureKinds(scene: Scene) {
  for (const inputs of [256, 1024, 4096]) await measureNeuron(scene, inputs)
  await measureElement(scene, 'TensorVerifier.proveResnet8Conv', resnet8Conv(), [3, 5 * 64 + 7])
  await measureElement(scene, 'TensorVerifier.proveTrees100x6', trees100x6(), [42, 3])
  await measureRun(scene, 'TensorVerifier.execute1M', conv1M())
  await measureRun(scene, 'TensorVerifier.executeDense1M', dense1M())
}

/** A leaf among 2^20, with siblings that stand for the others. */
function openDeep(tag: 'TNS1' | 'WGT1', data: Uint8Array) {
  const index = 0x5a5a5
  const path = Array.from({ length: DEPTH }, (_, height) => wordOf(`${tag} ${height}`))
  const leafHash = keccak256(concat(['0x00', bytesToHex(data)]))
  const root = rootOfPath({ tag, count: 2 ** DEPTH, index, leafHash, path })
  return { root, opening: { index, data: bytesToHex(data), path } }
}

/** Measures one neuron and its two openings, without a claim, a program and a settlement. */
async function measureNeuron({ chain, meter }: Scene, inputs: number) {
  const random = createRandom(inputs)
  const weights = Int8Array.from({ length: inputs }, () => random.integer(-128, 127))
  const row = encodeWeightRow({ bias: 77, multiplier: 2 ** 30, shift: -12, weights })
  const [source, neuron] = [openDeep('TNS1', random.bytes(inputs)), openDeep('WGT1', row)]
  const roots = [source.root, neuron.root] as const
  const { abi, address } = await chain.viem.deployContract('NeuronHarness', roots)
  const args = (committed: number) => [source.opening, neuron.opening, committed] as const
  // One of two bytes is wrong, whatever the neuron computes to.
  const isWrong = await chain.client
    .readContract({ address, abi, functionName: 'judge', args: args(0) })
    .then(
      () => true,
      () => false,
    )
  const data = encodeFunctionData({
    abi,
    functionName: 'judge',
    args: args(isWrong ? 0 : 1),
  })
  const sent = chain.wallets[0]!.sendTransaction({ to: address, data })
  await meter.transaction(`TensorVerifier.prove${inputs}`, sent)
}

/** Measures the refutation of one wrong element of a program's convolution, or of its trees. */
async function measureElement(
  scene: Scene,
  operation: string,
  { program, input }: MeasuredProgram,
  [row, column]: [number, number],
) {
  const { meter, world } = scene
  const { market, refuter, verifier } = world
  const { version } = await publishProgram(scene, operation, program)
  const honest = executeTrace(program, input)
  const tensor = program.operators.findIndex(({ kind }) => kind === 'conv' || kind === 'trees')
  const rows = honest.tensors[tensor]!
  const wrong = rows[row]!.with(column, rows[row]![column]! ^ 1)
  const forged = commitTrace(program, honest.tensors.with(tensor, rows.with(row, wrong)))
  const proof = buildElementProof({ program, trace: forged, tensor, row, column })
  await meter.steady(async (run) => {
    const { context } = await answerTrace(scene, version, forged, bytesToHex(outputOf(forged)))
    await run(operation, verifier.write.prove([market.address, context, proof], refuter))
  })
}

/** Measures the refutation of a wrong output by running the whole program. */
async function measureRun(scene: Scene, operation: string, { program, input }: MeasuredProgram) {
  const { chain, meter, world } = scene
  const { market, refuter, verifier } = world
  const { version, descriptors } = await publishProgram(scene, operation, program)
  const weights = await storeWeights(chain, program)
  const trace = executeTrace(program, input)
  const output = wrongOutput(bytesToHex(outputOf(trace)))
  // Not as a transaction: the trace of a million multiplications does not fit memory.
  await meter.steady(async (_, round) => {
    const { context } = await answerTrace(scene, version, trace, output)
    const whole = [market.address, context, descriptors, weights, bytesToHex(input)] as const
    const { gasUsed } = await chain.receiptOf(verifier.write.execute(whole, refuter))
    if (round === 1) meter.derived(operation, Number(gasUsed), 'one transaction')
  })
}
