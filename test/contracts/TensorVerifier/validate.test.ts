import { concat, encodeAbiParameters, encodePacked, type Hex, slice, zeroHash } from 'viem'
import { describe, expect, test } from 'vitest'

import {
  claim,
  corrupt,
  demoProgram,
  deployVerifier,
  networkHelpers,
  publish,
  randomDense,
  randomOf,
  randomTable,
  randomTensor,
  rowsProgram,
  validationData,
  type World,
} from './fixtures.ts'
import { tensorNode } from './nodes.ts'
import {
  bytesOf,
  descriptorOf,
  hashLeaf,
  type Program,
  programRoot,
  rootOf,
  rowLeaves,
  run,
  tensorRoot,
} from './program.ts'
import { empty, openOperator, openTensor, proveElement } from './proofs.ts'
import { refuses } from './refusals.ts'

const maxGas = 2n ** 24n

/** Calls `validate` with whatever descriptors, under their own root. */
async function validate({ verifier }: World, descriptors: Hex[]) {
  const data = encodeAbiParameters([{ type: 'bytes[]' }], [descriptors])
  const root = descriptors.length === 0 ? zeroHash : rootOf('PRG1', descriptors.map(hashLeaf))
  return verifier.read.validate([root, data])
}

function header(kind: number, source: number, rows: number, rowBytes: number) {
  const types = ['uint8', 'uint16', 'uint32', 'uint32'] as const
  return encodePacked(types, [kind, source, rows, rowBytes])
}

function dense(source: number, inputs: number, outputs: number, rows = 1) {
  const types = ['bytes', 'uint32', 'uint24', 'bytes32'] as const
  return encodePacked(types, [header(1, source, rows, outputs), inputs, 0x8000ff, zeroHash])
}

function lookup(source: number, rows: number, rowBytes: number) {
  return concat([header(2, source, rows, rowBytes), `0x${'07'.repeat(256)}`])
}

const world = () => networkHelpers.loadFixture(deployVerifier)

describe('accepts', () => {
  test('behavior: the programs of these tests', async () => {
    const { verifier } = await world()
    for (const program of [demoProgram(randomOf(1)), rowsProgram(randomOf(1))]) {
      await verifier.read.validate([programRoot(program), validationData(program)])
    }
  })

  test('behavior: operators that read any earlier tensor, or that none reads', async () => {
    const descriptors = [
      header(0, 0, 2, 8),
      dense(0, 16, 3),
      lookup(0, 2, 8),
      dense(2, 16, 5),
      lookup(1, 1, 3),
    ]
    await validate(await world(), descriptors)
  })
})

describe('refuses', () => {
  test('error: data that is not a list of descriptors under the root', async () => {
    const { verifier, ...rest } = await world()
    const program = rowsProgram(randomOf(2))
    const [root, data] = [programRoot(program), validationData(program)]
    const call = (given: Hex, bytes: Hex) => verifier.read.validate([given, bytes])
    const here = { verifier, ...rest }
    await refuses(here, call(zeroHash, data), 'ProgramMismatch', [root, zeroHash])
    await refuses(here, call(root, '0x'), 'ProgramTooShort', [0n, 2n])
    await refuses(here, call(root, slice(data, 0, 63)), 'ProgramTooShort', [0n, 2n])
    const moved = concat([`0x${'00'.repeat(31)}40`, zeroHash, slice(data, 32)])
    await refuses(here, call(root, moved), 'ProgramTooShort', [0n, 2n])
    const counted = concat([slice(data, 0, 32), `0x${'ff'.repeat(32)}`, slice(data, 64)])
    await refuses(here, call(root, counted), 'ProgramTooShort', [0n, 2n])
    await expect(call(root, slice(data, 0, 64 + 4 * 32))).rejects.toThrow()
  })

  test('error: no operator', async () => {
    const here = await world()
    await refuses(here, validate(here, []), 'ProgramTooShort', [0n, 2n])
    await refuses(here, validate(here, [header(0, 0, 1, 8)]), 'ProgramTooShort', [1n, 2n])
  })

  test('error: descriptors of another length than their kind has', async () => {
    const here = await world()
    const input = header(0, 0, 1, 8)
    const cases: [Hex[], number, number][] = [
      [['0x', dense(0, 8, 2)], 0, 0],
      [[slice(input, 0, 10), dense(0, 8, 2)], 0, 10],
      [[concat([input, '0x00']), dense(0, 8, 2)], 0, 12],
      [[input, slice(dense(0, 8, 2), 0, 49)], 1, 49],
      [[input, concat([dense(0, 8, 2), '0x00'])], 1, 51],
      [[input, slice(lookup(0, 1, 8), 0, 266)], 1, 266],
    ]
    for (const [descriptors, operator, length] of cases) {
      const args = [operator, BigInt(length)]
      await refuses(here, validate(here, descriptors), 'DescriptorMalformed', args)
    }
  })

  test('error: kinds that do not exist or stand in the wrong place', async () => {
    const here = await world()
    const input = header(0, 0, 1, 8)
    const unknown = concat([header(12, 0, 1, 8), `0x${'00'.repeat(39)}`])
    await refuses(here, validate(here, [input, unknown]), 'UnknownOperatorKind', [12])
    await refuses(here, validate(here, [input, input]), 'UnknownOperatorKind', [0])
    await refuses(here, validate(here, [lookup(0, 1, 8), input]), 'UnknownOperatorKind', [2])
  })

  test('error: an operator that reads itself or a later tensor, an input that reads', async () => {
    const here = await world()
    const input = header(0, 0, 1, 8)
    const own = validate(here, [input, lookup(1, 1, 8)])
    await refuses(here, own, 'OperatorMismatch', [1, 0])
    const later = validate(here, [input, lookup(2, 1, 8), lookup(0, 1, 8)])
    await refuses(here, later, 'OperatorMismatch', [2, 0])
    const reading = validate(here, [header(0, 1, 1, 8), lookup(0, 1, 8)])
    await refuses(here, reading, 'OperatorMismatch', [1, 0])
  })

  test('error: shapes that do not fit', async () => {
    const here = await world()
    const input = header(0, 0, 2, 8)
    const cases: [Hex[], [number, bigint, bigint]][] = [
      [
        [header(0, 0, 0, 8), lookup(0, 0, 8)],
        [0, 0n, 1n],
      ],
      [
        [header(0, 0, 2, 0), lookup(0, 2, 0)],
        [0, 0n, 1n],
      ],
      [
        [input, dense(0, 15, 3)],
        [1, 15n, 16n],
      ],
      [
        [input, dense(0, 16, 3, 2)],
        [1, 2n, 1n],
      ],
      [
        [input, dense(0, 16, 0)],
        [1, 0n, 1n],
      ],
      [
        [input, lookup(0, 1, 8)],
        [1, 1n, 2n],
      ],
      [
        [input, lookup(0, 2, 16)],
        [1, 16n, 8n],
      ],
      [
        [header(0, 0, 65_536, 65_536), dense(0, 0, 3)],
        [1, 0n, 2n ** 32n],
      ],
    ]
    for (const [descriptors, args] of cases) {
      await refuses(here, validate(here, descriptors), 'ShapeMismatch', args)
    }
  })

  test('error: what could not be judged in one transaction', async () => {
    const here = await world()
    const cases: [string, Hex[], number][] = [
      ['a neuron over too many inputs', [header(0, 0, 1, 250_000), dense(0, 250_000, 1)], 1],
      ['one over too many rows', [header(0, 0, 2_000, 8), dense(0, 16_000, 1)], 1],
      ['an input of too long rows', [header(0, 0, 1, 420_000), lookup(0, 1, 420_000)], 0],
      ['a tensor of too many rows', [header(0, 0, 13_000, 1), lookup(0, 13_000, 1)], 0],
      ['too many weight rows', [header(0, 0, 1, 1), dense(0, 1, 13_000)], 1],
      ['a table over too long rows', [header(0, 0, 1, 205_000), lookup(0, 1, 205_000)], 1],
      ['too long an output', [header(0, 0, 100, 5_000), lookup(0, 100, 5_000)], 1],
      [
        'more than numbers hold',
        [header(0, 0, 2 ** 32 - 1, 2 ** 32 - 1), lookup(0, 2 ** 32 - 1, 2 ** 32 - 1)],
        0,
      ],
    ]
    for (const [what, descriptors, operator] of cases) {
      const call = validate(here, descriptors)
      const isThis = (value: number) => value === operator
      const isMore = (value: bigint) => value > maxGas
      await refuses(here, call, 'Unprovable', [isThis, isMore, maxGas]).catch((error: Error) => {
        throw new Error(what, { cause: error })
      })
    }
  })

  test('error: publishing a model that cannot be proven', async () => {
    const here = await world()
    const { registry, model, publisher, verifier } = here
    const descriptors = [header(0, 0, 1, 250_000), dense(0, 250_000, 1)]
    const data = encodeAbiParameters([{ type: 'bytes[]' }], [descriptors])
    const root = rootOf('PRG1', descriptors.map(hashLeaf))
    const methods = [{ verifier: verifier.address, root, data }]
    const args = [model, root, '', methods] as const
    const call = registry.write.publish(args, { account: publisher })
    await refuses(here, call, 'Unprovable')
  })
})

describe('what passes fits a transaction', () => {
  /** Gas of a call made with all that a transaction may have. */
  async function gasOf({ publicClient }: World, hash: Promise<Hex>) {
    return (await publicClient.getTransactionReceipt({ hash: await hash })).gasUsed
  }

  test('behavior: a neuron over as many inputs as pass', async () => {
    const here = await world()
    const random = randomOf(9)
    const inputs = 203_000
    const program: Program = [
      { kind: 'input', source: 0, rows: 1, rowBytes: inputs },
      randomDense(random, 0, inputs, 1),
    ]
    const version = await publish(here, program)
    const forged = corrupt(run(program, randomTensor(random, 1, inputs)), 1, 0, 0)
    const { context, claimId } = await claim(here, version, forged)
    const args = [here.source.address, context, proveElement(program, forged, 1, 0, 0)] as const
    const gas = await gasOf(here, here.verifier.write.prove(args, { gas: maxGas }))
    expect(gas).toBeGreaterThan(maxGas - 1_000_000n)
    expect(await here.source.read.isRefuted([claimId])).toBe(true)
  })

  test('behavior: a neuron over as many rows as pass', async () => {
    const here = await world()
    const random = randomOf(10)
    const rows = 700
    const program: Program = [
      { kind: 'input', source: 0, rows, rowBytes: 8 },
      randomDense(random, 0, rows * 8, 3),
    ]
    const version = await publish(here, program)
    const forged = corrupt(run(program, randomTensor(random, rows, 8)), 1, 0, 2)
    const { context, claimId } = await claim(here, version, forged)
    const args = [here.source.address, context, proveElement(program, forged, 1, 0, 2)] as const
    await here.verifier.write.prove(args, { gas: maxGas })
    expect(await here.source.read.isRefuted([claimId])).toBe(true)
  })

  test('behavior: an output of as many rows as pass', async () => {
    const here = await world()
    const { verifier, source } = here
    const random = randomOf(12)
    const [rows, rowBytes] = [12_600, 31]
    const program: Program = [
      { kind: 'input', source: 0, rows, rowBytes },
      { kind: 'lookup', source: 0, rows, rowBytes, table: randomTable(random) },
    ]
    const version = await publish(here, program)
    const tensors = run(program, randomTensor(random, rows, rowBytes))
    const lie = await claim(here, version, tensors, { outputHash: zeroHash })
    const opening = [openOperator(program, 1), openTensor(tensors, 1)] as const
    const args = [source.address, lie.context, ...opening, bytesOf(tensors[1]!)] as const
    const gas = await gasOf(here, verifier.write.proveOutput(args, { gas: maxGas }))
    expect(gas).toBeLessThanOrEqual(maxGas)
    expect(await source.read.isRefuted([lie.claimId])).toBe(true)
  })

  test('behavior: supplying as many leaf hashes as pass', async () => {
    const here = await world()
    const { verifier, source, payer, operator } = here
    const random = randomOf(11)
    const rows = 12_600
    const program: Program = [
      { kind: 'input', source: 0, rows, rowBytes: 1 },
      { kind: 'lookup', source: 0, rows, rowBytes: 1, table: new Uint8Array(256).fill(3) },
    ]
    const version = await publish(here, program)
    const tensors = run(program, randomTensor(random, rows, 1))
    const { context, claimId } = await claim(here, version, tensors)
    const node = tensorNode(1)
    const hash = tensorRoot(tensors[1]!)
    const proof = {
      operator: openOperator(program, 1),
      tensor: openTensor(tensors, 1),
      path: [],
      hashOfParent: empty.root,
    }
    const demanded = [source.address, context, node, hash] as const
    await verifier.write.demand([...demanded, proof], { account: payer })
    const data = concat(rowLeaves(tensors[1]!))
    const args = [...demanded, data] as const
    const gas = await gasOf(here, verifier.write.supply(args, { account: operator, gas: maxGas }))
    expect(gas).toBeLessThanOrEqual(maxGas)
    expect((await source.read.recordOf([claimId]))[2]).toBe(0n)
  })
})

test('behavior: the descriptor of every operator has the length that its kind has', () => {
  const lengths = { input: 11, dense: 50, lookup: 267 }
  for (const operator of [...demoProgram(randomOf(3)), ...rowsProgram(randomOf(3))]) {
    expect((descriptorOf(operator).length - 2) / 2).toBe(lengths[operator.kind])
  }
})
