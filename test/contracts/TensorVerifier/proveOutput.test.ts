import { concat, getAddress, keccak256, zeroHash } from 'viem'
import { expect, test } from 'vitest'

import { claim, deployRows, networkHelpers, viem } from './fixtures.ts'
import { bytesOf, commitmentOf, type Tensor } from './program.ts'
import { openOperator, openTensor } from './proofs.ts'
import { refuses } from './refusals.ts'

const outputHash = keccak256('0x0102')

async function deploy() {
  const world = await networkHelpers.loadFixture(deployRows)
  const { program, tensors } = world
  return {
    world,
    last: openOperator(program, 3),
    tensor: openTensor(tensors, 3),
    output: bytesOf(tensors[3]!),
  }
}

test('behavior: an output that is not the trace’s refutes the claim', async () => {
  const { world, last, tensor, output } = await deploy()
  const { verifier, source, version, tensors, refuter } = world
  const { context, claimId } = await claim(world, version, tensors, { outputHash })
  await viem.assertions.emitWithArgs(
    verifier.write.proveOutput([source.address, context, last, tensor, output], {
      account: refuter,
    }),
    verifier,
    'OutputRefuted',
    [claimId, getAddress(source.address), getAddress(refuter), keccak256(output), outputHash],
  )
  expect(await source.read.refuterOf([claimId])).toBe(getAddress(refuter))
})

test('error: the output of the trace itself', async () => {
  const { world, last, tensor, output } = await deploy()
  const { verifier, source, version, tensors } = world
  const { context, claimId } = await claim(world, version, tensors)
  const call = verifier.write.proveOutput([source.address, context, last, tensor, output])
  await refuses(world, call, 'OutputConsistent', [keccak256(output)])
  expect(await source.read.isRefuted([claimId])).toBe(false)
})

test('error: a tensor that is not the last', async () => {
  const { world } = await deploy()
  const { verifier, source, program, version, tensors } = world
  const { context } = await claim(world, version, tensors)
  for (const index of [0, 1, 2]) {
    const call = verifier.write.proveOutput([
      source.address,
      context,
      openOperator(program, index),
      openTensor(tensors, index),
      bytesOf(tensors[index]!),
    ])
    await refuses(world, call, 'OperatorMismatch', [index, 3])
  }
})

test('error: bytes that are not the rows of the tensor', async () => {
  const { world, last, tensor, output } = await deploy()
  const { verifier, source, version, tensors } = world
  const { context } = await claim(world, version, tensors, { outputHash })
  const prove = (bytes: `0x${string}`) =>
    verifier.write.proveOutput([source.address, context, last, tensor, bytes])
  await refuses(world, prove('0x00000000'), 'RootMismatch')
  await refuses(world, prove(concat([output, '0x00'])), 'DataLengthMismatch', [5n, 4n])
  await refuses(world, prove('0x'), 'DataLengthMismatch', [0n, 4n])
})

test('error: a tensor that the claim does not bind', async () => {
  const { world, last, output } = await deploy()
  const { verifier, source, version, tensors } = world
  const { context } = await claim(world, version, tensors, { outputHash })
  const other = tensors.with(3, [Uint8Array.of(1, 2, 3, 4)] as Tensor)
  const tensor = openTensor(other, 3)
  const call = verifier.write.proveOutput([source.address, context, last, tensor, output])
  await refuses(world, call, 'RootMismatch', undefined)
})

test('error: a model without a program here', async () => {
  const { world, last, tensor, output } = await deploy()
  const { verifier, source, tensors } = world
  const { context, claimId } = await claim(world, zeroHash, tensors, { outputHash })
  const call = verifier.write.proveOutput([source.address, context, last, tensor, output])
  await refuses(world, call, 'UnknownProgram', [claimId])
})

test('behavior: a claim that hashes its output and its trace alike is consistent', async () => {
  const { world, last } = await deploy()
  const { verifier, source, version, tensors } = world
  const forged = tensors.with(3, [Uint8Array.of(9, 9, 9, 9)])
  const { context } = await claim(world, version, forged)
  const output = bytesOf(forged[3]!)
  expect(commitmentOf(forged).outputHash).toBe(keccak256(output))
  const call = verifier.write.proveOutput([
    source.address,
    context,
    last,
    openTensor(forged, 3),
    output,
  ])
  await refuses(world, call, 'OutputConsistent', [keccak256(output)])
})
