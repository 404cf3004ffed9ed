import { concat, getAddress, type Hex, keccak256, slice, zeroHash } from 'viem'
import { expect, test } from 'vitest'

import {
  claim,
  deployDemo,
  deployRows,
  networkHelpers,
  randomOf,
  rowsProgram,
  storeChunk,
  storeCode,
  viem,
} from './fixtures.ts'
import { bytesOf, descriptorOf, run, weightBytes } from './program.ts'
import { refuses } from './refusals.ts'

const outputHash = keccak256('0x0102')

async function deploy(fixture: typeof deployDemo = deployRows) {
  const world = await networkHelpers.loadFixture(fixture)
  const { program, tensors } = world
  const descriptors = program.map(descriptorOf)
  const [input, output] = [bytesOf(tensors[0]!), bytesOf(tensors.at(-1)!)]
  return { world, descriptors, input, output }
}

test('behavior: computes what the specification says, from one chunk of code', async () => {
  const { world, descriptors, input, output } = await deploy(deployDemo)
  const { verifier, weights } = world
  expect(weights).toHaveLength(1)
  expect(await verifier.read.evaluate([descriptors, weights, input])).toBe(output)
})

test.each([1, 50, 73, 74, 1000])('behavior: weights in chunks of %i bytes', async (chunk) => {
  const { world, descriptors, input, output } = await deploy()
  const weights = await storeCode(weightBytes(world.program), chunk)
  expect(await world.verifier.read.evaluate([descriptors, weights, input])).toBe(output)
})

test('behavior: passes over chunks without code and code without weights', async () => {
  const { world, descriptors, input, output } = await deploy()
  const { verifier, outsider, weights } = world
  const empty = await storeChunk('0x')
  const [first, ...rest] = weights as [Hex, ...Hex[]]
  const scattered = [outsider, empty, first, empty, outsider, ...rest, empty]
  expect(await verifier.read.evaluate([descriptors, scattered, input])).toBe(output)
})

test('behavior: a lie about a small model is refuted without its trace', async () => {
  const { world, descriptors, input, output } = await deploy()
  const { verifier, source, version, tensors, weights, refuter } = world
  const evidenceHash = zeroHash
  const lie = await claim(world, version, tensors, { outputHash, evidenceHash })
  await viem.assertions.emitWithArgs(
    verifier.write.execute([source.address, lie.context, descriptors, weights, input], {
      account: refuter,
    }),
    verifier,
    'ExecutionRefuted',
    [lie.claimId, getAddress(source.address), getAddress(refuter), keccak256(output), outputHash],
  )
  expect(await source.read.refuterOf([lie.claimId])).toBe(getAddress(refuter))
})

test('behavior: a right output stays, whatever the trace says', async () => {
  const { world, descriptors, input } = await deploy()
  const { verifier, source, version, tensors, weights, publicClient } = world
  const { context, claimId } = await claim(world, version, tensors, { evidenceHash: zeroHash })
  const args = [source.address, context, descriptors, weights, input] as const
  const { result } = await verifier.simulate.execute(args)
  expect(result).toBe(false)
  const hash = await verifier.write.execute(args)
  const { logs } = await publicClient.getTransactionReceipt({ hash })
  expect(logs).toEqual([])
  expect(await source.read.isRefuted([claimId])).toBe(false)
})

test('error: another program, another input, other weights', async () => {
  const { world, descriptors, input } = await deploy()
  const { verifier, source, version, tensors, weights } = world
  const { context } = await claim(world, version, tensors, { outputHash })
  const execute = (list: Hex[], code: Hex[], bytes: Hex) =>
    verifier.write.execute([source.address, context, list, code, bytes])

  const other = rowsProgram(randomOf(61))
  await refuses(world, execute(other.map(descriptorOf), weights, input), 'ProgramMismatch')
  await refuses(world, execute(descriptors.slice(0, 3), weights, input), 'ProgramMismatch')
  await refuses(world, execute([], weights, input), 'ProgramMismatch')
  const swapped = concat([slice(input, 20), slice(input, 0, 20)])
  await refuses(world, execute(descriptors, weights, swapped), 'RootMismatch')
  const long = concat([input, '0x00'])
  await refuses(world, execute(descriptors, weights, long), 'DataLengthMismatch', [61n, 60n])
  const forged = await storeCode(weightBytes(other))
  await refuses(world, execute(descriptors, forged, input), 'RootMismatch')
})

test('error: weights that end too early', async () => {
  const { world, descriptors, input } = await deploy()
  const { verifier, weights, program } = world
  const total = (weightBytes(program).length - 2) / 2
  const cut = await storeCode(slice(weightBytes(program), 0, total - 1))
  const short = verifier.read.evaluate([descriptors, cut, input])
  await refuses(world, short, 'WeightsTooShort', [4n * 73n - 1n, 4n * 73n])
  const first = verifier.read.evaluate([descriptors, weights.slice(0, 1), input])
  await refuses(world, first, 'WeightsTooShort', [100n, 5n * 73n])
  const none = verifier.read.evaluate([descriptors, [], input])
  await refuses(world, none, 'WeightsTooShort', [0n, 5n * 73n])
})

test('error: an input of another length', async () => {
  const { world, descriptors, input } = await deploy()
  const { verifier, weights } = world
  const short = verifier.read.evaluate([descriptors, weights, slice(input, 1)])
  await refuses(world, short, 'DataLengthMismatch', [59n, 60n])
})

test('behavior: every random program gives the output of the specification', async () => {
  const { world } = await deploy()
  for (let seed = 0; seed < 10; seed++) {
    const random = randomOf(seed)
    const program = rowsProgram(random)
    const rows = Array.from({ length: 3 }, () => Uint8Array.from({ length: 20 }, () => random(256)))
    const tensors = run(program, rows)
    const weights = await storeCode(weightBytes(program))
    const args = [program.map(descriptorOf), weights, bytesOf(rows)] as const
    expect(await world.verifier.read.evaluate(args)).toBe(bytesOf(tensors.at(-1)!))
  }
})
