import {
  concat,
  encodeFunctionData,
  getAddress,
  type Hex,
  keccak256,
  slice,
  toHex,
  zeroHash,
} from 'viem'
import { describe, expect, test } from 'vitest'

import {
  claim,
  continueFrom,
  corrupt,
  deployDemo,
  deployRows,
  networkHelpers,
  publish,
  randomOf,
  rowsProgram,
  viem,
  type World,
} from './fixtures.ts'
import { rootOf, run, tensorRoot } from './program.ts'
import { openOperator, openRow, openWeights, proveElement } from './proofs.ts'

type Proof = ReturnType<typeof proveElement>
type Source = Proof['sources'][number]

/** Changes what a proof opens of the tensor that its element reads. */
function withSource(proof: Proof, change: Partial<Source>): Proof {
  return { ...proof, sources: [{ ...proof.sources[0]!, ...change }] }
}

/** Expects `prove` to revert with `name`, and with `args` if they are given. */
async function refuse(world: World, context: Hex, proof: Proof, name: string, args?: unknown[]) {
  const { verifier, source } = world
  const call = verifier.write.prove([source.address, context, proof])
  if (args === undefined)
    return viem.assertions.revertWithCustomError(call, verifier, name as never)
  return viem.assertions.revertWithCustomErrorWithArgs(call, verifier, name as never, args as never)
}

/** A claim of the program of several rows with one wrong element, and the proof of it. */
async function forge(index = 2, row = 0, column = 3) {
  const world = await networkHelpers.loadFixture(deployRows)
  const { program, version, tensors } = world
  const forged = corrupt(tensors, index, row, column)
  const claimed = await claim(world, version, forged)
  const proof = proveElement(program, forged, index, row, column)
  return { world, ...claimed, forged, proof }
}

describe('refutes', () => {
  test('behavior: one wrong neuron over 784 inputs', async () => {
    const world = await networkHelpers.loadFixture(deployDemo)
    const { verifier, source, program, version, tensors, refuter } = world
    const forged = corrupt(tensors, 1, 0, 17)
    const { context, claimId } = await claim(world, version, forged)
    const proof = proveElement(program, forged, 1, 0, 17)
    const [committed, computed] = [forged[1]![0]![17]!, tensors[1]![0]![17]!]

    await viem.assertions.emitWithArgs(
      verifier.write.prove([source.address, context, proof], { account: refuter }),
      verifier,
      'ElementRefuted',
      [claimId, getAddress(source.address), getAddress(refuter), 1, 0, 17, committed, computed],
    )
    expect(await source.read.refuterOf([claimId])).toBe(getAddress(refuter))
  })

  test.each([
    ['a table entry of the last row', 1, 2, 19],
    ['a neuron over three rows that a table produced', 2, 0, 4],
    ['a neuron over three rows of the input, in the last tensor', 3, 0, 0],
  ])('behavior: %s', async (_, index, row, column) => {
    const { world, context, claimId, proof } = await forge(index, row, column)
    await world.verifier.write.prove([world.source.address, context, proof])
    expect(await world.source.read.isRefuted([claimId])).toBe(true)
  })

  test('behavior: a lie that every later tensor follows from, at the one element that starts it', async () => {
    const world = await networkHelpers.loadFixture(deployDemo)
    const { verifier, source, program, version, tensors } = world
    const forged = continueFrom(program, corrupt(tensors, 1, 0, 5, 100), 1)
    const { context, claimId } = await claim(world, version, forged)
    await refuse(world, context, proveElement(program, forged, 2, 0, 5), 'ElementConsistent')
    await refuse(world, context, proveElement(program, forged, 3, 0, 1), 'ElementConsistent')

    await verifier.write.prove([source.address, context, proveElement(program, forged, 1, 0, 5)])
    expect(await source.read.isRefuted([claimId])).toBe(true)
  })

  test('behavior: the right output over a wrong inside', async () => {
    const { world, context, claimId, proof } = await forge(1, 1, 1)
    expect(await world.source.read.isRefuted([claimId])).toBe(false)
    await world.verifier.write.prove([world.source.address, context, proof])
    expect(await world.source.read.isRefuted([claimId])).toBe(true)
  })

  test('behavior: only once', async () => {
    const { world, context, proof, claimId } = await forge()
    const { verifier, source } = world
    await verifier.write.prove([source.address, context, proof])
    await viem.assertions.revertWithCustomErrorWithArgs(
      verifier.write.prove([source.address, context, proof]),
      source,
      'ClaimFinal',
      [claimId],
    )
  })

  test('behavior: until the claim is final, to the second', async () => {
    const { world, context, proof, claimId, challengeUntil } = await forge()
    const { verifier, source, version, tensors } = world
    await networkHelpers.time.setNextBlockTimestamp(challengeUntil - 1n)
    await verifier.write.prove([source.address, context, proof])
    expect(await source.read.isRefuted([claimId])).toBe(true)

    const late = await claim(world, version, corrupt(tensors, 2, 0, 3))
    await networkHelpers.time.increaseTo(late.challengeUntil)
    await viem.assertions.revertWithCustomErrorWithArgs(
      verifier.write.prove([source.address, late.context, proof]),
      source,
      'ClaimFinal',
      [late.claimId],
    )
  })
})

describe('never refutes', () => {
  test('behavior: any element of an honest trace', async () => {
    const world = await networkHelpers.loadFixture(deployRows)
    const { program, version, tensors } = world
    const { context } = await claim(world, version, tensors)
    for (let index = 1; index < tensors.length; index++) {
      for (const [row, bytes] of tensors[index]!.entries()) {
        for (const [column, value] of bytes.entries()) {
          const proof = proveElement(program, tensors, index, row, column)
          await refuse(world, context, proof, 'ElementConsistent', [index, row, column, value])
        }
      }
    }
  })

  test('behavior: a losing challenger leaves the claim as open as it was', async () => {
    const { world, context, forged, proof, claimId } = await forge()
    await refuse(world, context, proveElement(world.program, forged, 2, 0, 0), 'ElementConsistent')
    await world.verifier.write.prove([world.source.address, context, proof])
    expect(await world.source.read.isRefuted([claimId])).toBe(true)
  })

  test('behavior: the input, which no operator computes', async () => {
    const { world, context, proof, forged } = await forge()
    const input = openOperator(world.program, 0)
    const outputRow = openRow(forged[0]!, 1)
    const ofInput = { ...proof, operator: input, sources: [], outputRow }
    await refuse(world, context, ofInput, 'UnknownOperatorKind', [0])
  })

  test('error: a proof of another claim', async () => {
    const { world, proof } = await forge()
    const honest = await claim(world, world.version, world.tensors)
    await refuse(world, honest.context, proof, 'RootMismatch')
  })

  test('error: a claim that the source does not know', async () => {
    const { world, proof, context, claimId } = await forge()
    const { verifier } = world
    const other = await viem.deployContract('ClaimSource')
    await viem.assertions.revertWithCustomError(
      verifier.write.prove([other.address, context, proof]),
      other,
      'ClaimUnknown',
    )
    expect(await world.source.read.isRefuted([claimId])).toBe(false)
  })

  test('error: a model without a program here', async () => {
    const { world, proof, forged } = await forge()
    const { context, claimId } = await claim(world, keccak256('0x1234'), forged)
    await refuse(world, context, proof, 'UnknownProgram', [claimId])
  })

  test('error: another program than the claimed model has', async () => {
    const { world, forged, proof, context } = await forge()
    const other = rowsProgram(randomOf(61))
    await publish(world, other)
    const swapped = { ...proof, operator: openOperator(other, 2) }
    await refuse(world, context, swapped, 'ProgramMismatch')
    const swappedProducer = withSource(proof, { producer: openOperator(other, 1) })
    await refuse(world, context, swappedProducer, 'ProgramMismatch')
    const lie = await claim(world, world.version, run(other, forged[0]!))
    await refuse(world, lie.context, proof, 'RootMismatch')
  })

  test('error: a source that the operator does not read', async () => {
    const { world, context, proof } = await forge()
    const swapped = withSource(proof, { producer: openOperator(world.program, 3) })
    await refuse(world, context, swapped, 'OperatorMismatch', [3, 1])
  })

  test('error: no source, or one too many', async () => {
    const { world, context, proof } = await forge()
    const none = { ...proof, sources: [] }
    await refuse(world, context, none, 'SourceCountMismatch', [0n, 1n])
    const two = { ...proof, sources: [...proof.sources, ...proof.sources] }
    await refuse(world, context, two, 'SourceCountMismatch', [2n, 1n])
  })

  test('error: rows of the input swapped, repeated, missing or too many', async () => {
    const { world, context, proof } = await forge()
    type Row = Proof['outputRow']
    const [a, b, c] = proof.sources[0]!.rows as [Row, Row, Row]
    const withRows = (...rows: Row[]) => withSource(proof, { rows })
    await refuse(world, context, withRows(b, a, c), 'RowMismatch', [1n, 0n])
    await refuse(world, context, withRows(a, a, c), 'RowMismatch', [0n, 1n])
    await refuse(world, context, withRows(a, { ...a, index: 1 }, c), 'RootMismatch')
    await refuse(world, context, withRows(a, b), 'RowCountMismatch', [2n, 3n])
    await refuse(world, context, withRows(a, b, c, c), 'RowCountMismatch', [4n, 3n])
    await refuse(world, context, withRows(), 'RowCountMismatch', [0n, 3n])
  })

  test('error: another row of a table’s source', async () => {
    const { world, context, proof, forged } = await forge(1, 2, 19)
    const other = withSource(proof, { rows: [openRow(forged[0]!, 1)] })
    await refuse(world, context, other, 'RowMismatch', [1n, 2n])
  })

  test('error: the weights of another neuron', async () => {
    const { world, context, proof } = await forge()
    const dense = world.program[2]!
    if (dense.kind !== 'dense') throw new TypeError()
    const other = { ...proof, weights: openWeights(dense, 2) }
    await refuse(world, context, other, 'RowMismatch', [2n, 3n])
    const relabelled = { ...other, weights: { ...other.weights, index: 3 } }
    await refuse(world, context, relabelled, 'RootMismatch')
  })

  test('error: one changed bit of anything that was opened', async () => {
    const { world, context, proof } = await forge()
    const flip = (data: Hex) => {
      const last = Number.parseInt(data.slice(-2), 16) ^ 1
      return concat([slice(data, 0, -1), toHex(last, { size: 1 })])
    }
    const flipRow = (row: Proof['outputRow']) => ({ ...row, data: flip(row.data) })
    const flipPath = <T extends { path: Hex[] }>(opening: T) => ({
      ...opening,
      path: opening.path.with(-1, flip(opening.path.at(-1)!)),
    })
    const { producer, tensor, rows } = proof.sources[0]!
    const changes: Partial<Proof>[] = [
      { outputRow: flipRow(proof.outputRow) },
      withSource(proof, { rows: rows.with(1, flipRow(rows[1]!)) }),
      withSource(proof, { rows: rows.with(1, flipPath(rows[1]!)) }),
      { weights: flipRow(proof.weights) },
      { weights: flipPath(proof.weights) },
      withSource(proof, { tensor: { ...tensor, root: flip(tensor.root) } }),
      withSource(proof, { tensor: flipPath(tensor) }),
      { output: { ...proof.output, root: flip(proof.output.root) } },
      { output: flipPath(proof.output) },
    ]
    for (const change of changes) {
      await refuse(world, context, { ...proof, ...change }, 'RootMismatch')
    }
    const descriptor = { ...proof.operator, descriptor: flip(proof.operator.descriptor) }
    await refuse(world, context, { ...proof, operator: descriptor }, 'ProgramMismatch')
    await refuse(
      world,
      context,
      { ...proof, operator: flipPath(proof.operator) },
      'ProgramMismatch',
    )
    const flipped = withSource(proof, { producer: flipPath(producer) })
    await refuse(world, context, flipped, 'ProgramMismatch')
  })
})

describe('positions', () => {
  test('error: an index past the end of its tree', async () => {
    const { world, context, proof } = await forge()
    const past = { ...proof.operator, index: 4 }
    await refuse(world, context, { ...proof, operator: past }, 'IndexOutOfRange', [4n, 4n])
    const row = { ...proof.outputRow, index: 1 }
    await refuse(world, context, { ...proof, outputRow: row }, 'IndexOutOfRange', [1n, 1n])
    await refuse(world, context, { ...proof, column: 5 }, 'IndexOutOfRange', [5n, 5n])
  })

  test('error: a path longer or shorter than the tree is deep', async () => {
    const { world, context, proof } = await forge()
    const { path } = proof.weights
    const short = { ...proof, weights: { ...proof.weights, path: path.slice(1) } }
    await refuse(world, context, short, 'PathLengthMismatch', [2n, 3n])
    const long = { ...proof, weights: { ...proof.weights, path: [...path, zeroHash] } }
    await refuse(world, context, long, 'PathLengthMismatch', [4n, 3n])
    const output = { ...proof, outputRow: { ...proof.outputRow, path: [zeroHash] } }
    await refuse(world, context, output, 'PathLengthMismatch', [1n, 0n])
  })

  test('error: a program of another length', async () => {
    const { world, context, proof } = await forge()
    const wider = { ...proof.operator, count: 3 }
    await refuse(world, context, { ...proof, operator: wider }, 'ProgramMismatch')
    const empty = { ...proof.operator, index: 0, count: 0, path: [] }
    await refuse(world, context, { ...proof, operator: empty }, 'IndexOutOfRange', [0n, 0n])
  })

  test('error: rows that are longer or shorter than the program says', async () => {
    const { world, context, proof } = await forge()
    const grow = (row: Proof['outputRow']) => ({ ...row, data: concat([row.data, '0x00']) })
    const output = { ...proof, outputRow: grow(proof.outputRow) }
    await refuse(world, context, output, 'RowLengthMismatch', [6n, 5n])
    const { rows } = proof.sources[0]!
    const input = withSource(proof, { rows: rows.with(2, grow(rows[2]!)) })
    await refuse(world, context, input, 'RowLengthMismatch', [21n, 20n])
    const weights = { ...proof, weights: grow(proof.weights) }
    await refuse(world, context, weights, 'RowLengthMismatch', [74n, 73n])
    const empty = { ...proof, outputRow: { ...proof.outputRow, data: '0x' as Hex } }
    await refuse(world, context, empty, 'RowLengthMismatch', [0n, 5n])
  })

  test('error: a node passed off as a leaf, and a leaf as a node', async () => {
    const world = await networkHelpers.loadFixture(deployRows)
    const { program, version, tensors } = world
    const proof = proveElement(program, tensors, 1, 2, 0)
    const node = concat([proof.outputRow.path[0]!, proof.outputRow.path[1]!])
    const { context } = await claim(world, version, tensors)
    const asLeaf = { ...proof, outputRow: { ...proof.outputRow, data: node } }
    await refuse(world, context, asLeaf, 'RowLengthMismatch', [64n, 20n])
    const shortened = { ...proof, outputRow: { ...proof.outputRow, path: [] } }
    await refuse(world, context, shortened, 'PathLengthMismatch', [0n, 2n])
  })

  test('error: the root of one kind of tree in the place of another', async () => {
    const { world, forged, proof } = await forge()
    const evidenceHash = rootOf(
      'TNS1',
      forged.slice(1).map((tensor) => tensorRoot(tensor)),
    )
    const lie = await claim(world, world.version, forged, { evidenceHash })
    await refuse(world, lie.context, proof, 'RootMismatch')
  })
})

test('error: calldata that ends early', async () => {
  const { world, context, proof, claimId } = await forge()
  const { verifier, source, refuter } = world
  const data = encodeFunctionData({
    abi: verifier.abi,
    functionName: 'prove',
    args: [source.address, context, proof],
  })
  const [wallet] = await viem.getWalletClients()
  for (const length of [4, 68, 300, 1000, 1500, 2000, (data.length - 2) / 2 - 32]) {
    const cut = slice(data, 0, length)
    const call = wallet!.sendTransaction({ account: refuter, to: verifier.address, data: cut })
    await expect(call).rejects.toThrow()
  }
  expect(await source.read.isRefuted([claimId])).toBe(false)
  await wallet!.sendTransaction({ account: refuter, to: verifier.address, data })
  expect(await source.read.isRefuted([claimId])).toBe(true)
})
