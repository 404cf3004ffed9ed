import { tensorVerifierAbi } from '@assay/protocol'
import { buildElementProof, encodeTrace, type Program, weightBytes } from '@assay/tensor'
import {
  layerKinds,
  type RandomProgramSize,
  type RandomRun,
  randomRun,
} from '@assay/tensor/examples'
import { bytesToHex, encodeAbiParameters, getAbiItem, type Hash, type Hex } from 'viem'

/** A program, one honest run of it, and the proof of one element of that run. */
export type ProgramVector = {
  programRoot: Hash
  descriptors: Hex[]
  /** Weight rows of all operators. */
  weights: Hex
  input: Hex
  /** Tensors 1…n. */
  trace: Hex
  /** Roots of tensors 0…n. */
  tensorRoots: Hash[]
  inputHash: Hash
  outputHash: Hash
  evidenceHash: Hash
  element: {
    tensor: number
    row: number
    column: number
    value: number
    /** `abi.encode(ElementProof)`. */
    proof: Hex
  }
}

const sizes: RandomProgramSize[] = [
  { operators: 1, rows: 1, bytes: 1 },
  { operators: 2, rows: 2, bytes: 8 },
  { operators: 4, rows: 3, bytes: 12 },
  { operators: 5, rows: 2, bytes: 34 },
]
const runsPerSize = 4
const runsPerKind = 3

const [, , elementProof] = getAbiItem({ abi: tensorVerifierAbi, name: 'prove' }).inputs

/** Vectors of programs of dense operators and look-ups: random ones of four sizes. */
export function programVectors(): ProgramVector[] {
  return sizes.flatMap((size, i) =>
    Array.from({ length: runsPerSize }, (_, j) => toVector(randomRun(100 * i + j, size))),
  )
}

/** Vectors of programs with every kind of operator: three for each, with the proof of an element of that kind. */
export function operatorVectors(): ProgramVector[] {
  return layerKinds.flatMap((kind, i) => {
    const kinds = [kind, ...layerKinds]
    const runs = Array.from({ length: 100 }, (_, j) =>
      randomRun(1_000 * i + j, { operators: 4, rows: 3, bytes: 12, kinds }),
    )
    return runs
      .map((run) => ({
        run,
        tensor: run.program.operators.findLastIndex((operator) => operator.kind === kind),
      }))
      .filter(({ tensor }) => tensor > 0)
      .slice(0, runsPerKind)
      .map(({ run, tensor }) => toVector(run, tensor))
  })
}

function toVector(
  { random, program, input, trace }: RandomRun,
  tensor = random.integer(1, program.operators.length - 1),
): ProgramVector {
  const { row, column } = randomPosition(random, program, tensor)
  const proof = buildElementProof({ program, trace, tensor, row, column })
  return {
    programRoot: program.tree.root,
    descriptors: program.descriptors.map((descriptor) => bytesToHex(descriptor)),
    weights: bytesToHex(weightBytes(program)),
    input: bytesToHex(input),
    trace: bytesToHex(encodeTrace(trace)),
    tensorRoots: trace.tensorTrees.map(({ root }) => root),
    inputHash: trace.inputHash,
    outputHash: trace.outputHash,
    evidenceHash: trace.evidenceHash,
    element: {
      tensor,
      row,
      column,
      value: trace.tensors[tensor]![row]![column]!,
      proof: encodeAbiParameters([elementProof], [proof]),
    },
  }
}

function randomPosition(random: RandomRun['random'], program: Program, tensor: number) {
  const { rows, rowBytes } = program.operators[tensor]!
  return { row: random.integer(0, rows - 1), column: random.integer(0, rowBytes - 1) }
}
