import { keccak256 } from 'viem'
import { expect, test } from 'vitest'
import { networkHelpers, viem } from '../fixtures.ts'
import { deployModel, manifestHash, manifestUri, method } from './fixtures.ts'

test('behavior: the version is named by its content and accepts its methods', async () => {
  const { registry, verifier, model, publisher } = await networkHelpers.loadFixture(deployModel)
  const methods = [method(verifier.address, '0xc0de')]
  const version = await registry.read.versionId([model, manifestHash, methods])

  const publishing = registry.write.publish([model, manifestHash, manifestUri, methods], {
    account: publisher,
  })
  await viem.assertions.emitWithArgs(publishing, registry, 'VersionPublished', [
    version,
    model,
    manifestHash,
    manifestUri,
  ])

  expect(await registry.read.modelOf([version])).toBe(model)
  expect(await registry.read.rootOf([version, verifier.address])).toBe(keccak256('0xc0de'))
  expect(await registry.read.isDeprecated([version])).toBe(false)
})
