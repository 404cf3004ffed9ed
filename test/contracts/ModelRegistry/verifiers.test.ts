import { getAddress, zeroAddress } from 'viem'
import { expect, test } from 'vitest'

import { deployCore, networkHelpers, viem } from '../fixtures.ts'
import { deployVersion } from './fixtures.ts'

/** `VerifierStatus`, as numbered in its enum. */
const status = { none: 0, approved: 1, tombstoned: 2 }

test('behavior: a verifier is approved, then tombstoned', async () => {
  const { registry, admin, outsider } = await networkHelpers.loadFixture(deployCore)
  const account = { account: admin }
  expect(await registry.read.verifierStatus([outsider])).toBe(status.none)

  await viem.assertions.emitWithArgs(
    registry.write.approveVerifier([outsider], account),
    registry,
    'VerifierApproved',
    [getAddress(outsider)],
  )
  expect(await registry.read.verifierStatus([outsider])).toBe(status.approved)

  await viem.assertions.emitWithArgs(
    registry.write.tombstoneVerifier([outsider], account),
    registry,
    'VerifierTombstoned',
    [getAddress(outsider)],
  )
  expect(await registry.read.verifierStatus([outsider])).toBe(status.tombstoned)
})

test('behavior: a tombstone leaves published versions their verifier', async () => {
  const { registry, verifier, version, root, admin } =
    await networkHelpers.loadFixture(deployVersion)

  await registry.write.tombstoneVerifier([verifier.address], { account: admin })

  expect(await registry.read.rootOf([version, verifier.address])).toBe(root)
})

test('error: no status goes back, or skips one', async () => {
  const { registry, admin, outsider, rival } = await networkHelpers.loadFixture(deployCore)
  const account = { account: admin }

  await viem.assertions.revertWithCustomErrorWithArgs(
    registry.write.tombstoneVerifier([rival], account),
    registry,
    'VerifierStatusUnchangeable',
    [getAddress(rival), status.none],
  )
  await registry.write.approveVerifier([outsider], account)
  await viem.assertions.revertWithCustomErrorWithArgs(
    registry.write.approveVerifier([outsider], account),
    registry,
    'VerifierStatusUnchangeable',
    [getAddress(outsider), status.approved],
  )
  await registry.write.tombstoneVerifier([outsider], account)
  for (const change of [registry.write.approveVerifier, registry.write.tombstoneVerifier]) {
    await viem.assertions.revertWithCustomErrorWithArgs(
      change([outsider], account),
      registry,
      'VerifierStatusUnchangeable',
      [getAddress(outsider), status.tombstoned],
    )
  }
})

test('error: nobody as a verifier', async () => {
  const { registry, admin } = await networkHelpers.loadFixture(deployCore)

  await viem.assertions.revertWithCustomError(
    registry.write.approveVerifier([zeroAddress], { account: admin }),
    registry,
    'ZeroAddress',
  )
})

test('attack 8: only governance decides which verifiers there are', async () => {
  const { registry, outsider, publisher } = await networkHelpers.loadFixture(deployCore)

  for (const change of [registry.write.approveVerifier, registry.write.tombstoneVerifier]) {
    await viem.assertions.revertWithCustomErrorWithArgs(
      change([outsider], { account: publisher }),
      registry,
      'AccessManagedUnauthorized',
      [getAddress(publisher)],
    )
  }
})
