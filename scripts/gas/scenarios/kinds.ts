import { rootOfPath } from '@assay/protocol/tree'
import {
  buildElementProof,
  commitTrace,
  encodeWeightRow,
  executeTrace,
  methodOf,
  outputOf,
  type Program,
  type Trace,
} from '@assay/tensor'
import { createRandom } from '@assay/tensor/examples'
import { dollars } from '@assay/testing'
import { bytesToHex, concat, encodeFunctionData, type Hex, keccak256 } from 'viem'

import { storeWeights, wrongOutput } from '../demo.ts'
import { createJobs } from '../jobs.ts'
import { dense1M, type MeasuredProgram, resnet8Conv, trees100x6 } from '../programs.ts'
import { wordOf } from '../world.ts'
import type { Scene } from './scene.ts'

/** Depth of the two trees that a measured neuron is opened in. */
const DEPTH = 20

/** Measures `TensorVerifier` against elements of other kinds and sizes than the demo model has. */
export async function measureKinds(scene: Scene) {
  for (const inputs of [256, 1024, 4096]) await measureNeuron(scene, inputs)
  await measureElement(scene, 'TensorVerifier.proveResnet8Conv', resnet8Conv(), [3, 5 * 64 + 7])
  await measureElement(scene, 'TensorVerifier.proveTrees100x6', trees100x6(), [42, 3])
  await measureRun(scene, 'TensorVerifier.execute1M', dense1M())
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

/** Publishes a program, with the operator's stake on it. */
async function publish({ chain, world }: Scene, name: string, program: Program) {
  const { market, operator, outsider, publisher, registry, staking, verifier } = world
  const { receiptOf } = chain
  const descriptors = program.descriptors.map((bytes) => bytesToHex(bytes))
  const method = methodOf(program, verifier.address)
  const [salt, manifest] = [wordOf(name), wordOf(`${name} manifest`)]
  await receiptOf(registry.write.create([salt, name], publisher))
  const model = await registry.read.modelId([publisher.account, salt])
  await receiptOf(registry.write.publish([model, manifest, '', [method]], publisher))
  const version = await registry.read.versionId([model, manifest, [method]])

  const amount = dollars(5_000)
  await receiptOf(staking.write.deposit([operator.account, amount], operator))
  await receiptOf(staking.write.allocate([market.address, version, amount], operator))
  chain.warpTo(chain.now() + (await staking.read.ACTIVATION_DELAY()))
  const activation = [market.address, version, operator.account] as const
  await receiptOf(staking.write.activate(activation, outsider))
  return { version, descriptors }
}

/** Answers a job of a version. */
async function answer({ chain, world }: Scene, version: Hex, trace: Trace, output: Hex) {
  const jobs = createJobs(chain, world)
  const salt = wordOf(`${version} ${chain.now()}`)
  const job = await jobs.draft({ model: version, inputHash: trace.inputHash, salt })
  await chain.receiptOf(jobs.request(job))
  await jobs.waitForSlot(job)
  return jobs.answered(job, await chain.receiptOf(jobs.answer(job, output, trace.evidenceHash)))
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
  const { version } = await publish(scene, operation, program)
  const honest = executeTrace(program, input)
  const tensor = program.operators.findIndex(({ kind }) => kind === 'conv' || kind === 'trees')
  const rows = honest.tensors[tensor]!
  const wrong = rows[row]!.with(column, rows[row]![column]! ^ 1)
  const forged = commitTrace(program, honest.tensors.with(tensor, rows.with(row, wrong)))
  const proof = buildElementProof({ program, trace: forged, tensor, row, column })
  await meter.steady(async (run) => {
    const { context } = await answer(scene, version, forged, bytesToHex(outputOf(forged)))
    await run(operation, verifier.write.prove([market.address, context, proof], refuter))
  })
}

/** Measures the refutation of a wrong output by running the whole program. */
async function measureRun(scene: Scene, operation: string, { program, input }: MeasuredProgram) {
  const { chain, meter, world } = scene
  const { market, refuter, verifier } = world
  const { version, descriptors } = await publish(scene, operation, program)
  const weights = await storeWeights(chain, program)
  const trace = executeTrace(program, input)
  const output = wrongOutput(bytesToHex(outputOf(trace)))
  // Not as a transaction: the trace of a million multiplications does not fit memory.
  await meter.steady(async (_, round) => {
    const { context } = await answer(scene, version, trace, output)
    const whole = [market.address, context, descriptors, weights, bytesToHex(input)] as const
    const { gasUsed } = await chain.receiptOf(verifier.write.execute(whole, refuter))
    if (round === 1) meter.derived(operation, Number(gasUsed), 'one transaction')
  })
}
