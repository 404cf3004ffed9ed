import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BaseError } from '@assay/protocol'
import { buildTree } from '@assay/protocol/tree'
import fc from 'fast-check'
import { concatBytes, type Hex, hexToBytes, zeroHash } from 'viem'
import { expect, onTestFinished, test } from 'vitest'
import { createRandom } from '../examples/createRandom.ts'
import { everyKind, randomProgram } from '../examples/randomProgram.ts'
import { loadProgram } from '../node/loadProgram.ts'
import { saveProgram } from '../node/saveProgram.ts'
import { composeProgram } from './composeProgram.ts'
import { decodeOperator } from './decodeOperator.ts'
import { encodeOperator } from './encodeOperator.ts'
import {
  DescriptorLengthError,
  OperatorKindError,
  ProgramEmptyError,
  ProgramFileError,
  ProgramLimitError,
  ProgramRootError,
  ShapeError,
  SourceError,
  WeightPaddingError,
  WeightsExcessError,
  WeightsLengthError,
  WeightsRootError,
} from './errors.ts'
import type { Operator } from './Operator.ts'
import { defaultLimits, type ProgramLimits, parseProgram } from './parseProgram.ts'
import { formatProgramFile, parseProgramFile } from './programFile.ts'
import { weightBytes } from './weightBytes.ts'
import { encodeWeightRow, weightRowLength } from './weightRow.ts'

const input: Operator = { kind: 'input', rows: 2, rowBytes: 3 }
const inputBytes = hexToBytes('0x0000000000000200000003')
const dense: Operator = {
  kind: 'dense',
  source: 0,
  rows: 1,
  rowBytes: 4,
  inputs: 6,
  outputZero: 7,
  clampMin: 8,
  clampMax: 9,
  weightsRoot: zeroHash,
}

const header = {
  dense: '0x0100000000000100000004',
  lookup: '0x0200000000000200000003',
} as const

function bytes(...parts: (Hex | Uint8Array)[]) {
  return concatBytes(parts.map((part) => (typeof part === 'string' ? hexToBytes(part) : part)))
}

function programOf(seed: number) {
  return randomProgram(createRandom(seed), everyKind)
}

test('default', () => {
  expect(encodeOperator(input)).toEqual(inputBytes)
  const descriptor = bytes(header.dense, '0x00000006070809', zeroHash)
  expect(encodeOperator(dense)).toEqual(descriptor)
  expect(decodeOperator(inputBytes, [])).toEqual(input)
  expect(decodeOperator(descriptor, [input])).toEqual(dense)
})

test('behavior: reads a descriptor wherever its bytes lie', () => {
  const padded = bytes('0xffff', encodeOperator(dense), '0xffff')
  expect(decodeOperator(padded.subarray(2, -2), [input])).toEqual(dense)
})

test('behavior: a weight row reverses the groups of each word', () => {
  const weights = Int8Array.from({ length: 34 }, (_, i) => i - 128)
  const row = encodeWeightRow({ bias: -2, multiplier: 2 ** 30, shift: -5, weights })
  const groups = Array.from({ length: 8 }, (_, i) => {
    const first = (7 - i) * 4
    return Uint8Array.of(first, first + 1, first + 2, first + 3)
  })
  const padding = new Uint8Array(28).fill(0x80)
  expect(row).toEqual(bytes('0xfffffffe40000000fb', ...groups, padding, '0x20218080'))
  expect(weightRowLength(34)).toBe(row.length)
})

test('behavior: what is composed is what is parsed', () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const program = programOf(seed)
      const { descriptors, tree } = program
      const weights = weightBytes(program)
      expect(parseProgram({ descriptors, weights, root: tree.root })).toEqual(program)
      expect(program.operators.map(encodeOperator)).toEqual(descriptors)
      const file = parseProgramFile(formatProgramFile(program))
      expect(parseProgram({ ...file, weights })).toEqual(program)
    }),
  )
})

test('behavior: decodes the weights it encoded', () => {
  const weights = Int8Array.of(-128, -1, 0, 1, 127, 5)
  const row = { bias: -7, multiplier: -9, shift: -128, weights }
  const program = composeProgram({
    input: { rows: 3, rowBytes: 2 },
    layers: [{ kind: 'dense', source: 0, rows: [row], outputZero: 0, clampMin: 0, clampMax: 255 }],
  })
  expect(program.weights[1]).toMatchObject({
    biases: Int32Array.of(-7),
    multipliers: Int32Array.of(-9),
    shifts: Int8Array.of(-128),
    values: weights,
  })
})

test('behavior: a folder gives back the program', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'program-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const program = programOf(1)
  await saveProgram({ folder, program })

  expect(await loadProgram({ folder })).toEqual(program)
  await expect(loadProgram({ folder, root: zeroHash })).rejects.toThrow(ProgramRootError)
  await writeFile(join(folder, 'weights.bin'), new Uint8Array(1))
  await expect(loadProgram({ folder })).rejects.toThrow(BaseError)
})

test('behavior: hostile descriptors end in an error that names the operator', () => {
  const descriptors = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 6 })
  fc.assert(
    fc.property(descriptors, fc.uint8Array({ maxLength: 99 }), (rest, weights) => {
      expect(() => parseProgram({ descriptors: [inputBytes, ...rest], weights })).toThrow(BaseError)
    }),
  )
})

test('behavior: one changed byte gives an error or another program', () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(), fc.integer({ min: 1, max: 255 }), (seed, pick, change) => {
      const program = programOf(seed)
      const { root } = program.tree
      const at = pick % program.descriptors.length
      const descriptors = program.descriptors.map((descriptor) => descriptor.slice())
      descriptors[at]![pick % descriptors[at]!.length]! ^= change
      const weights = weightBytes(program)
      expect(() => parseProgram({ descriptors, weights, root })).toThrow(BaseError)
    }),
  )
})

test('behavior: one changed weight byte is refused', () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(), fc.integer({ min: 1, max: 255 }), (seed, pick, change) => {
      const program = programOf(seed)
      const weights = weightBytes(program)
      fc.pre(weights.length > 0)
      weights[pick % weights.length]! ^= change
      const { descriptors } = program
      expect(() => parseProgram({ descriptors, weights })).toThrow(WeightsRootError)
    }),
  )
})

test.each<[string, Hex, new (...values: never[]) => BaseError]>([
  ['no header', '0x01000000000001000000', DescriptorLengthError],
  ['an unknown kind', '0x0c00000000000100000004', OperatorKindError],
  ['a second input', '0x0000000000000200000003', OperatorKindError],
  ['a dense operator without its body', header.dense, DescriptorLengthError],
  ['a table of 255 bytes', `${header.lookup}${'00'.repeat(255)}`, DescriptorLengthError],
  ['itself as source', `0x0200010000000200000003${'00'.repeat(256)}`, SourceError],
  ['a look-up of other rows', `0x0200000000000300000003${'00'.repeat(256)}`, ShapeError],
  ['a look-up of other row bytes', `0x0200000000000200000004${'00'.repeat(256)}`, ShapeError],
  ['no rows', `0x0200000000000000000003${'00'.repeat(256)}`, ShapeError],
  ['no row bytes', `0x0200000000000200000000${'00'.repeat(256)}`, ShapeError],
  ['a dense operator of two rows', `0x0100000000000200000004${'00'.repeat(39)}`, ShapeError],
  ['other inputs than the source has', `${header.dense}00000005${'00'.repeat(35)}`, ShapeError],
])('error: %s', (_, descriptor, error) => {
  expect(() => decodeOperator(hexToBytes(descriptor), [input])).toThrow(error)
})

test('error: names the operator, the value found and the value needed', () => {
  const descriptor = bytes(header.dense, '0x00000005', new Uint8Array(35))
  expect(() => decodeOperator(descriptor, [input])).toThrow(
    expect.objectContaining({ operator: 1, field: 'inputs', found: 5, needed: 6 }),
  )
})

test.each<[string, Hex]>([
  ['another kind', '0x0100000000000200000003'],
  ['a source', '0x0000010000000200000003'],
  ['a body', '0x000000000000020000000300'],
])('error: an input of %s', (_, descriptor) => {
  expect(() => decodeOperator(hexToBytes(descriptor), [])).toThrow(BaseError)
})

test('error: no operators', () => {
  const weights = new Uint8Array(0)
  expect(() => parseProgram({ descriptors: [], weights })).toThrow(ProgramEmptyError)
  expect(() => parseProgram({ descriptors: [inputBytes], weights })).toThrow(ProgramEmptyError)
})

test('error: more memory or operators than allowed', () => {
  const table = new Uint8Array(256)
  const huge = bytes('0x000000ffffffffffffffff')
  const lookup = bytes('0x020000ffffffffffffffff', table)
  const weights = new Uint8Array(0)
  expect(() => parseProgram({ descriptors: [huge, lookup], weights })).toThrow(ProgramLimitError)

  const program = programOf(3)
  const { descriptors } = program
  const parse = (limits: ProgramLimits) => () =>
    parseProgram({ descriptors, weights: weightBytes(program), limits })
  for (const subject of ['operators', 'rows', 'traceBytes'] as const) {
    expect(parse({ ...defaultLimits, [subject]: 0 }), subject).toThrow(ProgramLimitError)
  }
  const withWeights = composeProgram({
    input: { rows: 1, rowBytes: 1 },
    layers: [{ kind: 'constant', rows: [Uint8Array.of(1, 2)] }],
  })
  const limits = { ...defaultLimits, weightBytes: 1 }
  const whole = { descriptors: withWeights.descriptors, weights: weightBytes(withWeights) }
  expect(() => parseProgram({ ...whole, limits })).toThrow(ProgramLimitError)
})

test('error: rows without bytes, as many as a descriptor can ask for', () => {
  const trees = bytes('0x0a000000ffffff00000004', '0x01000100000000', zeroHash)
  const parse = () => parseProgram({ descriptors: [inputBytes, trees], weights: new Uint8Array(0) })
  expect(parse).toThrow(ProgramLimitError)
})

test('error: weights too short, too long, with other padding', () => {
  const program = composeProgram({
    input: { rows: 1, rowBytes: 1 },
    layers: [
      {
        kind: 'dense',
        source: 0,
        rows: [{ bias: 0, multiplier: 0, shift: 0, weights: Int8Array.of(1) }],
        outputZero: 0,
        clampMin: 0,
        clampMax: 255,
      },
    ],
  })
  const { descriptors, operators } = program
  const weights = weightBytes(program)
  const parse = (changed: Uint8Array) => () => parseProgram({ descriptors, weights: changed })
  expect(parse(weights.subarray(1))).toThrow(WeightsLengthError)
  expect(parse(bytes(weights, '0x00'))).toThrow(WeightsExcessError)

  const padded = weights.slice()
  padded[9] = 0
  const bent = { ...(operators[1] as typeof dense), weightsRoot: buildTree('WGT1', [padded]).root }
  expect(() =>
    parseProgram({ descriptors: [descriptors[0]!, encodeOperator(bent)], weights: padded }),
  ).toThrow(WeightPaddingError)
})

test.each([
  '',
  'null',
  '{}',
  '{"format":"assay-program-1","root":"0x00","descriptors":[]}',
  `{"format":"assay-program-1","root":"${zeroHash}","descriptors":"0x00"}`,
  `{"format":"assay-program-1","root":"${zeroHash}","descriptors":["0x0"]}`,
  `{"format":"assay-program-1","root":"${zeroHash}","descriptors":[1]}`,
])('error: a program file of %s', (text) => {
  expect(() => parseProgramFile(text)).toThrow(ProgramFileError)
})
