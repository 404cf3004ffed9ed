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

type Parts = { checker: Address; interpreter: Address }

async function deploy() {
  const world = await networkHelpers.loadFixture(deployVerifier)
  const { escrow, registry } = world
  const parts = { checker: world.checker.address, interpreter: world.interpreter.address }
  const build = async (changed: Partial<Parts>) => {
    const { checker, interpreter } = { ...parts, ...changed }
    const args = [escrow.address, registry.address, checker, interpreter] as const
    const terms = [demandBond, supplyWindow, followUpWindow] as const
    return (await viem.deployContract('TensorVerifier', [...args, ...terms])).address
  }
  return { ...world, parts, build }
}

test('behavior: keeps the parts it was given for good', async () => {
  const { verifier, parts } = await deploy()

  expect(await verifier.read.CHECKER()).toBe(getAddress(parts.checker))
  expect(await verifier.read.INTERPRETER()).toBe(getAddress(parts.interpreter))
})

test('behavior: verifiers may share parts', async () => {
  const { build } = await deploy()

  await expect(build({})).resolves.toMatch(/^0x/)
})

test.each(['checker', 'interpreter'] as const)('error: no %s', async (part) => {
  const { verifier, build } = await deploy()

  await viem.assertions.revertWithCustomError(
    build({ [part]: zeroAddress }),
    verifier,
    'ZeroAddress',
  )
})

test.each(['checker', 'interpreter'] as const)('error: the %s has no code', async (part) => {
  const { verifier, build, outsider } = await deploy()

  await viem.assertions.revertWithCustomErrorWithArgs(
    build({ [part]: outsider }),
    verifier,
    'NoCode',
    [getAddress(outsider)],
  )
})
