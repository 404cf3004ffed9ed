import { type Address, getAddress, zeroAddress } from 'viem'
import { expect, test } from 'vitest'

import {
  demandBond,
  deployVerifier,
  followUpWindow,
  networkHelpers,
  supplyWindow,
  viem,
} from './fixtures.ts'

const names = ['checker', 'interpreter', 'runner'] as const

type Parts = Record<(typeof names)[number], Address>

async function deploy() {
  const world = await networkHelpers.loadFixture(deployVerifier)
  const { escrow, registry } = world
  const parts = {
    checker: world.checker.address,
    interpreter: world.interpreter.address,
    runner: world.runner.address,
  }
  const build = async (changed: Partial<Parts>) => {
    const { checker, interpreter, runner } = { ...parts, ...changed }
    const args = [escrow.address, registry.address, checker, interpreter, runner] as const
    const terms = [demandBond, supplyWindow, followUpWindow] as const
    return (await viem.deployContract('TensorVerifier', [...args, ...terms])).address
  }
  return { ...world, parts, build }
}

test('behavior: keeps the parts it was given for good', async () => {
  const { verifier, parts } = await deploy()

  expect(await verifier.read.CHECKER()).toBe(getAddress(parts.checker))
  expect(await verifier.read.INTERPRETER()).toBe(getAddress(parts.interpreter))
  expect(await verifier.read.RUNNER()).toBe(getAddress(parts.runner))
})

test('behavior: verifiers may share parts', async () => {
  const { build } = await deploy()

  await expect(build({})).resolves.toMatch(/^0x/)
})

test.each(names)('error: no %s', async (part) => {
  const { verifier, build } = await deploy()

  await viem.assertions.revertWithCustomError(
    build({ [part]: zeroAddress }),
    verifier,
    'ZeroAddress',
  )
})

test.each(names)('error: the %s has no code', async (part) => {
  const { verifier, build, outsider } = await deploy()

  await viem.assertions.revertWithCustomErrorWithArgs(
    build({ [part]: outsider }),
    verifier,
    'NoCode',
    [getAddress(outsider)],
  )
})
