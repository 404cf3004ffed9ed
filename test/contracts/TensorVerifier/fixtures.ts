import {
  type Address,
  concat,
  encodeAbiParameters,
  type Hex,
  keccak256,
  size,
  slice,
  toHex,
} from 'viem'

import { deployCore, dollars, funds, networkHelpers, viem } from '../fixtures.ts'

export { networkHelpers, viem }

import {
  commitmentOf,
  type Dense,
  descriptorOf,
  type Program,
  programRoot,
  run,
  type Tensor,
  weightBytes,
} from './program.ts'

export const demandBond = dollars(5)
export const supplyWindow = 300n
export const followUpWindow = 120n
export const challengeWindow = 600n

/** The same numbers for the same seed, everywhere (mulberry32). */
export function randomOf(seed: number) {
  let state = seed >>> 0
  return (limit: number) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit
  }
}

export type Random = ReturnType<typeof randomOf>

export function randomDense(
  random: Random,
  source: number,
  inputs: number,
  outputs: number,
): Dense {
  const neurons = Array.from({ length: outputs }, () => ({
    bias: random(40_000) - 20_000,
    multiplier: 2 ** 30 + random(2 ** 30),
    shift: -Math.ceil(Math.log2(inputs)) - 3,
    weights: Array.from({ length: inputs }, () => random(256) - 128),
  }))
  const shape = { source, rows: 1, rowBytes: outputs }
  return { kind: 'dense', ...shape, outputZero: 128, clampMin: 0, clampMax: 255, neurons }
}

export function randomTensor(random: Random, rows: number, rowBytes: number): Tensor {
  return Array.from({ length: rows }, () =>
    Uint8Array.from({ length: rowBytes }, () => random(256)),
  )
}

export function randomTable(random: Random) {
  return Uint8Array.from({ length: 256 }, () => random(256))
}

/** The size of the demo model: 784 → 24 → table → 10. */
export function demoProgram(random: Random): Program {
  return [
    { kind: 'input', source: 0, rows: 1, rowBytes: 784 },
    randomDense(random, 0, 784, 24),
    { kind: 'lookup', source: 1, rows: 1, rowBytes: 24, table: randomTable(random) },
    randomDense(random, 2, 24, 10),
  ]
}

/** A program with an input of three rows that a table reads row by row and a neuron reads whole. */
export function rowsProgram(random: Random): Program {
  return [
    { kind: 'input', source: 0, rows: 3, rowBytes: 20 },
    { kind: 'lookup', source: 0, rows: 3, rowBytes: 20, table: randomTable(random) },
    randomDense(random, 1, 60, 5),
    randomDense(random, 0, 60, 4),
  ]
}

export function validationData(program: Program) {
  return encodeAbiParameters([{ type: 'bytes[]' }], [program.map(descriptorOf)])
}

const salt = keccak256(toHex('exact'))
const claimComponents = [
  { name: 'requestId', type: 'bytes32' },
  { name: 'model', type: 'bytes32' },
  { name: 'operator', type: 'address' },
  { name: 'inputHash', type: 'bytes32' },
  { name: 'outputHash', type: 'bytes32' },
  { name: 'evidenceHash', type: 'bytes32' },
] as const

export type Claim = {
  requestId: Hex
  model: Hex
  operator: Address
  inputHash: Hex
  outputHash: Hex
  evidenceHash: Hex
}

export function contextOf(claim: Claim) {
  return encodeAbiParameters([{ type: 'tuple', components: claimComponents }], [claim])
}

/** Deploys a contract whose code is a STOP and `data`. */
export async function storeChunk(data: Hex) {
  const [wallet] = await viem.getWalletClients()
  const publicClient = await viem.getPublicClient()
  const initCode = concat(['0x600b5981380380925939f3', '0x00', data])
  const hash = await wallet!.sendTransaction({ data: initCode })
  const { contractAddress } = await publicClient.waitForTransactionReceipt({ hash })
  return contractAddress!
}

/** Puts `data` into the code of contracts, `chunk` bytes in each. */
export async function storeCode(data: Hex, chunk = 24_575) {
  const addresses: Address[] = []
  for (let start = 0; start < size(data); start += chunk) {
    addresses.push(await storeChunk(slice(data, start, Math.min(start + chunk, size(data)))))
  }
  return addresses
}

/** `deployCore`, the verifier approved, demanders funded, and a source of claims without jobs. */
export async function deployVerifier() {
  const core = await deployCore()
  const { escrow, registry, admin, publisher, payer, rival } = core
  const checker = await viem.deployContract('TensorChecker')
  const interpreter = await viem.deployContract('TensorInterpreter')
  const runner = await viem.deployContract('TensorRunner')
  const verifier = await viem.deployContract('TensorVerifier', [
    escrow.address,
    registry.address,
    checker.address,
    interpreter.address,
    runner.address,
    demandBond,
    supplyWindow,
    followUpWindow,
  ])
  const source = await viem.deployContract('ClaimSource')
  await registry.write.approveVerifier([verifier.address], { account: admin })
  await registry.write.create([salt, 'exact'], { account: publisher })
  for (const account of [payer, rival]) {
    await escrow.write.deposit([account, verifier.address, funds / 2n], { account })
  }
  const model = await registry.read.modelId([publisher, salt])
  return { ...core, checker, interpreter, runner, verifier, source, model }
}

export type World = Awaited<ReturnType<typeof deployVerifier>>

/** Publishes `program` as a version and returns its id. */
export async function publish(world: World, program: Program) {
  const { registry, verifier, model, publisher } = world
  const root = programRoot(program)
  const methods = [{ verifier: verifier.address, root, data: validationData(program) }]
  await registry.write.publish([model, root, 'ipfs://manifest', methods], { account: publisher })
  return registry.read.versionId([model, root, methods])
}

let requests = 0

/** Claims that `tensors` are the run of `model`, or whatever `lie` says instead. */
export async function claim(world: World, model: Hex, tensors: Tensor[], lie: Partial<Claim> = {}) {
  const { source, verifier, operator } = world
  const requestId = keccak256(toHex(`request ${++requests}`))
  const claimed = { requestId, model, operator, ...commitmentOf(tensors), ...lie }
  const challengeUntil = BigInt(await networkHelpers.time.latest()) + challengeWindow
  await source.write.submit([claimed, verifier.address, challengeUntil])
  const claimId = await source.read.claimIdOf([claimed])
  return { claim: claimed, claimId, context: contextOf(claimed), challengeUntil }
}

/** Copies `tensors` with one element changed. */
export function corrupt(tensors: Tensor[], index: number, row: number, column: number, by = 1) {
  const copy = tensors.map((tensor) => tensor.map((bytes) => Uint8Array.from(bytes)))
  copy[index]![row]![column] = (copy[index]![row]![column]! + by) & 255
  return copy
}

/** The same program with weight rows padded by another byte than 0x80. */
export function padWith(program: Program, padding: number) {
  return program.map((operator) => {
    if (operator.kind !== 'dense') return operator
    return { ...operator, neurons: operator.neurons.map((neuron) => ({ ...neuron, padding })) }
  }) as Program
}

/** What follows in a run when tensor `index` is as in `tensors`: a lie that is consistent from there on. */
export function continueFrom(program: Program, tensors: Tensor[], index: number) {
  const forged = tensors.slice(0, index + 1)
  for (let i = index + 1; i < program.length; i++) {
    const operator = program[i] as Dense
    const step: Program = [
      { kind: 'input', source: 0, rows: 1, rowBytes: 1 },
      { ...operator, source: 0 },
    ]
    forged.push(run(step, forged[operator.source]!)[1]!)
  }
  return forged
}

/** The demo model, published, with an honest run on a random input and its weights as code. */
export async function deployDemo() {
  const world = await deployVerifier()
  const random = randomOf(784)
  const program = demoProgram(random)
  const version = await publish(world, program)
  const tensors = run(program, randomTensor(random, 1, 784))
  const weights = await storeCode(weightBytes(program))
  return { ...world, random, program, version, tensors, weights }
}

/** The program of several rows, published, with an honest run. */
export async function deployRows() {
  const world = await deployVerifier()
  const random = randomOf(60)
  const program = rowsProgram(random)
  const version = await publish(world, program)
  const tensors = run(program, randomTensor(random, 3, 20))
  const weights = await storeCode(weightBytes(program), 100)
  return { ...world, random, program, version, tensors, weights }
}
