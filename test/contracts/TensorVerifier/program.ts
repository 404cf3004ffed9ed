import { concat, encodePacked, type Hex, hexToBytes, keccak256, size, slice, toHex } from 'viem'

/*
 * The exact-model specification once more, written for reading and sharing no code with `packages/tensor` or the
 * contracts, so that agreement of the three means something.
 */

export type Neuron = {
  bias: number
  multiplier: number
  shift: number
  weights: number[]
  /** Byte after the last weight, 0x80 unless a publisher got it wrong. */
  padding?: number
}
type Shape = { source: number; rows: number; rowBytes: number }
export type Dense = Shape & {
  kind: 'dense'
  outputZero: number
  clampMin: number
  clampMax: number
  neurons: Neuron[]
}
export type Lookup = Shape & { kind: 'lookup'; table: Uint8Array }
export type Input = Shape & { kind: 'input' }
/** Element 0 is the input, the others produce the tensors of their number. */
export type Program = [Input, ...(Dense | Lookup)[]]
export type Tensor = Uint8Array[]

const zero: Hex = `0x${'00'.repeat(32)}`

export function hashLeaf(data: Hex) {
  return keccak256(concat(['0x00', data]))
}

export function hashNode(left: Hex, right: Hex) {
  return left === zero && right === zero ? zero : keccak256(concat(['0x01', left, right]))
}

function depthOf(count: number) {
  return Math.ceil(Math.log2(count))
}

/** Hashes of a tree from its leaves up; the last level is the top alone. */
function levelsOf(leaves: Hex[]) {
  const width = 2 ** depthOf(leaves.length)
  const levels = [Array.from({ length: width }, (_, i) => leaves[i] ?? zero)]
  for (let level = levels[0]!; level.length > 1; levels.push(level)) {
    const below = level
    level = Array.from({ length: below.length / 2 }, (_, i) =>
      hashNode(below[2 * i]!, below[2 * i + 1]!),
    )
  }
  return levels
}

export function rootOf(tag: string, leaves: Hex[]) {
  const top = levelsOf(leaves).at(-1)![0]!
  return keccak256(concat(['0x02', toHex(tag), toHex(leaves.length, { size: 8 }), top]))
}

/** The path of every leaf. */
export function pathsOf(leaves: Hex[]) {
  const levels = levelsOf(leaves).slice(0, -1)
  return leaves.map((_, index) =>
    levels.map((level, height) => level[Math.floor(index / 2 ** height) ^ 1]!),
  )
}

export function pathOf(leaves: Hex[], index: number) {
  return pathsOf(leaves)[index]!
}

export function weightRow({ bias, multiplier, shift, weights, padding = 0x80 }: Neuron) {
  const stored = (weight: number | undefined) => (weight === undefined ? padding : weight + 128)
  const words = Array.from({ length: Math.ceil(weights.length / 32) }, (_, word) => {
    const groups = Array.from({ length: 8 }, (_, group) =>
      Array.from({ length: 4 }, (_, byte) => stored(weights[32 * word + 4 * group + byte])),
    )
    return toHex(new Uint8Array(groups.reverse().flat()))
  })
  const header = encodePacked(['int32', 'int32', 'int8'], [bias, multiplier, shift])
  return concat([header, ...words])
}

export function weightLeaves(operator: Dense) {
  return operator.neurons.map((neuron) => hashLeaf(weightRow(neuron)))
}

export function descriptorOf(operator: Program[number]) {
  const kind = { input: 0, dense: 1, lookup: 2 }[operator.kind]
  const { source, rows, rowBytes } = operator
  const header = encodePacked(
    ['uint8', 'uint16', 'uint32', 'uint32'],
    [kind, source, rows, rowBytes],
  )
  if (operator.kind === 'input') return header
  if (operator.kind === 'lookup') return concat([header, toHex(operator.table)])
  const { outputZero, clampMin, clampMax, neurons } = operator
  return encodePacked(
    ['bytes', 'uint32', 'uint8', 'uint8', 'uint8', 'bytes32'],
    [
      header,
      neurons[0]!.weights.length,
      outputZero,
      clampMin,
      clampMax,
      rootOf('WGT1', weightLeaves(operator)),
    ],
  )
}

export function programRoot(program: Program) {
  return rootOf(
    'PRG1',
    program.map((operator) => hashLeaf(descriptorOf(operator))),
  )
}

/** All weight rows, in order. */
export function weightBytes(program: Program) {
  return concat(
    program.flatMap((operator) =>
      operator.kind === 'dense' ? operator.neurons.map(weightRow) : [],
    ),
  )
}

function truncate(numerator: bigint, denominator: bigint) {
  return numerator / denominator
}

export function requantise(value: number, multiplier: number, shift: number) {
  const limited = Math.min(Math.max(shift, -31), 30)
  const scaled = BigInt.asIntN(32, BigInt(value) << BigInt(Math.max(limited, 0)))
  const product = scaled * BigInt(multiplier)
  const nudge = product >= 0n ? 2n ** 30n : 1n - 2n ** 30n
  const saturates = product === 2n ** 62n
  const high = saturates ? 2n ** 31n - 1n : truncate(product + nudge, 2n ** 31n)
  if (limited >= 0) return Number(high)
  const divisor = 2n ** BigInt(-limited)
  const magnitude = ((high < 0n ? -high : high) + divisor / 2n) / divisor
  return Number(high < 0n ? -magnitude : magnitude)
}

function fire(operator: Dense, neuron: Neuron, inputs: number[]) {
  const sum = inputs.reduce((total, input, i) => total + input * neuron.weights[i]!, neuron.bias)
  const value = requantise(Number(BigInt.asIntN(32, BigInt(sum))), neuron.multiplier, neuron.shift)
  return Math.min(Math.max(value + operator.outputZero, operator.clampMin), operator.clampMax)
}

/** Tensors 0 to n of a run on `input`. */
export function run(program: Program, input: Tensor) {
  const tensors = [input]
  for (const operator of program.slice(1) as (Dense | Lookup)[]) {
    const source = tensors[operator.source]!
    if (operator.kind === 'lookup') {
      tensors.push(source.map((row) => row.map((byte) => operator.table[byte]!)))
    } else {
      const inputs = source.flatMap((row) => [...row])
      tensors.push([Uint8Array.from(operator.neurons, (neuron) => fire(operator, neuron, inputs))])
    }
  }
  return tensors
}

export function rowLeaves(tensor: Tensor) {
  return tensor.map((row) => hashLeaf(toHex(row)))
}

export function tensorRoot(tensor: Tensor) {
  return rootOf('TNS1', rowLeaves(tensor))
}

export function bytesOf(tensor: Tensor) {
  return concat(tensor.map((row) => toHex(row)))
}

/** What a claim says of `tensors`. */
export function commitmentOf(tensors: Tensor[]) {
  return {
    inputHash: tensorRoot(tensors[0]!),
    outputHash: keccak256(bytesOf(tensors.at(-1)!)),
    evidenceHash: rootOf('TRC1', traceLeaves(tensors)),
  }
}

export function traceLeaves(tensors: Tensor[]) {
  return tensors.slice(1).map((tensor) => hashLeaf(tensorRoot(tensor)))
}

/** Splits `bytes` into rows. */
export function tensorOf(bytes: Hex, rowBytes: number): Tensor {
  const rows = size(bytes) / rowBytes
  return Array.from({ length: rows }, (_, i) =>
    hexToBytes(slice(bytes, i * rowBytes, (i + 1) * rowBytes)),
  )
}
