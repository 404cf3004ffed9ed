import { getAddress } from 'viem'
import { expect, test } from 'vitest'

import { claim, deployRows, networkHelpers, viem } from './fixtures.ts'
import type { Tensor } from './program.ts'
import { openOperator, openRow, openTensor, proveElement } from './proofs.ts'
import { refuses } from './refusals.ts'

/** The honest tensors but for row 1 of tensor `index`, which gets `length` bytes. */
function resize(tensors: Tensor[], index: number, length: number) {
  const rows = tensors[index]!.with(1, new Uint8Array(length).fill(7))
  return tensors.with(index, rows)
}

async function forge(index: number, length: number) {
  const world = await networkHelpers.loadFixture(deployRows)
  const { program, version, verifier, source, refuter } = world
  const tensors = resize(world.tensors, index, length)
  const claimed = await claim(world, version, tensors)
  const prove = () =>
    verifier.write.proveRow(
      [
        source.address,
        claimed.context,
        openOperator(program, index),
        openTensor(tensors, index),
        openRow(tensors[index]!, 1),
      ],
      { account: refuter },
    )
  return { world, ...claimed, tensors, prove }
}

test.each([0, 19, 21, 500])('behavior: a row of %i bytes instead of 20 refutes', async (length) => {
  const { world, claimId, prove } = await forge(1, length)
  const { verifier, source, refuter } = world
  await viem.assertions.emitWithArgs(prove(), verifier, 'RowRefuted', [
    claimId,
    getAddress(source.address),
    getAddress(refuter),
    1,
    1,
    BigInt(length),
    20n,
  ])
  expect(await source.read.refuterOf([claimId])).toBe(getAddress(refuter))
})

test('behavior: an answer to an input of another shape is refuted', async () => {
  const { world, claimId, prove } = await forge(0, 21)
  await prove()
  expect(await world.source.read.isRefuted([claimId])).toBe(true)
})

test('behavior: no element of a short row can be opened, so only its length refutes it', async () => {
  const { world, context, tensors, prove, claimId } = await forge(1, 19)
  const { verifier, source, program } = world
  const proof = proveElement(program, tensors, 1, 1, 0)
  const call = verifier.write.prove([source.address, context, proof])
  await refuses(world, call, 'RowLengthMismatch', [19n, 20n])
  await prove()
  expect(await source.read.isRefuted([claimId])).toBe(true)
})

test('error: a row of the right length', async () => {
  const { world, prove, claimId } = await forge(1, 20)
  await refuses(world, prove(), 'RowConsistent', [1, 1, 20n])
  expect(await world.source.read.isRefuted([claimId])).toBe(false)
})

test('error: a row that the claim does not bind', async () => {
  const { world, context, tensors } = await forge(1, 20)
  const { verifier, source, program } = world
  const short = resize(tensors, 1, 19)
  const [operator, tensor] = [openOperator(program, 1), openTensor(tensors, 1)]
  const prove = (...[opening, row]: [typeof tensor, ReturnType<typeof openRow>]) =>
    verifier.write.proveRow([source.address, context, operator, opening, row])

  await refuses(world, prove(tensor, openRow(short[1]!, 1)), 'RootMismatch')
  await refuses(world, prove(openTensor(short, 1), openRow(short[1]!, 1)), 'RootMismatch')
  const past = { ...openRow(short[1]!, 1), index: 3 }
  await refuses(world, prove(tensor, past), 'IndexOutOfRange', [3n, 3n])
  const shallow = { ...openRow(short[1]!, 1), path: [] }
  await refuses(world, prove(tensor, shallow), 'PathLengthMismatch', [0n, 2n])
})

test('error: the operator of another tensor', async () => {
  const { world, context, tensors } = await forge(1, 20)
  const { verifier, source, program } = world
  const [tensor, row] = [openTensor(tensors, 1), openRow(tensors[1]!, 1)]
  const operator = openOperator(program, 2)
  const call = verifier.write.proveRow([source.address, context, operator, tensor, row])
  await refuses(world, call, 'RootMismatch')
})
