import {
  encodeAbiParameters,
  getAddress,
  keccak256,
  parseAbiParameters,
  toHex,
  zeroHash,
} from 'viem'
import { expect, test } from 'vitest'

import { networkHelpers, viem } from '../fixtures.ts'
import { deployModel, manifestHash, manifestUri, method, salt } from './fixtures.ts'

/** `deployModel` with a second approved verifier. */
async function deployTwoVerifiers() {
  const core = await deployModel()
  const second = await viem.deployContract('HashVerifier')
  await core.registry.write.approveVerifier([second.address], { account: core.admin })
  return { ...core, second }
}

test('behavior: the version is named by its content', async () => {
  const { registry, verifier, second, model, publisher } =
    await networkHelpers.loadFixture(deployTwoVerifiers)
  const methods = [method(verifier.address, '0xc0de'), method(second.address, '0xbeef')]
  const methodsHash = keccak256(
    encodeAbiParameters(parseAbiParameters('(address verifier, bytes32 root, bytes data)[]'), [
      methods,
    ]),
  )
  const version = keccak256(
    encodeAbiParameters(parseAbiParameters('bytes32, bytes32, bytes32'), [
      model,
      manifestHash,
      methodsHash,
    ]),
  )

  await viem.assertions.emitWithArgs(
    registry.write.publish([model, manifestHash, manifestUri, methods], { account: publisher }),
    registry,
    'VersionPublished',
    [version, model, manifestHash, manifestUri],
  )

  expect(await registry.read.versionId([model, manifestHash, methods])).toBe(version)
  expect(await registry.read.modelOf([version])).toBe(model)
  expect(await registry.read.isDeprecated([version])).toBe(false)
})

test('behavior: the version accepts its methods and no other', async () => {
  const { registry, verifier, second, model, publisher, outsider } =
    await networkHelpers.loadFixture(deployTwoVerifiers)
  const methods = [method(verifier.address, '0xc0de'), method(second.address, '0xbeef')]
  const version = await registry.read.versionId([model, manifestHash, methods])

  const publishing = registry.write.publish([model, manifestHash, manifestUri, methods], {
    account: publisher,
  })
  for (const { verifier, root, data } of methods) {
    await viem.assertions.emitWithArgs(publishing, registry, 'MethodAccepted', [
      version,
      getAddress(verifier),
      root,
      data,
    ])
    expect(await registry.read.rootOf([version, verifier])).toBe(root)
  }

  expect(await registry.read.rootOf([version, outsider])).toBe(zeroHash)
})

test('behavior: a version without methods is one that nobody can judge', async () => {
  const { registry, verifier, model, publisher } = await networkHelpers.loadFixture(deployModel)

  await registry.write.publish([model, manifestHash, manifestUri, []], { account: publisher })

  const version = await registry.read.versionId([model, manifestHash, []])
  expect(await registry.read.modelOf([version])).toBe(model)
  expect(await registry.read.rootOf([version, verifier.address])).toBe(zeroHash)
})

test('behavior: a version never changes: the same one again, under another URI, is refused', async () => {
  const { registry, verifier, model, publisher } = await networkHelpers.loadFixture(deployModel)
  const methods = [method(verifier.address, '0xc0de')]
  await registry.write.publish([model, manifestHash, manifestUri, methods], { account: publisher })

  const version = await registry.read.versionId([model, manifestHash, methods])
  await viem.assertions.revertWithCustomErrorWithArgs(
    registry.write.publish([model, manifestHash, 'ipfs://other', methods], { account: publisher }),
    registry,
    'VersionExists',
    [version],
  )
})

test('behavior: other content is another version beside the first', async () => {
  const { registry, verifier, model, publisher } = await networkHelpers.loadFixture(deployModel)
  const [first, second] = [method(verifier.address, '0x01'), method(verifier.address, '0x02')]
  for (const each of [first, second]) {
    await registry.write.publish([model, manifestHash, manifestUri, [each]], {
      account: publisher,
    })
  }

  for (const each of [first, second]) {
    const version = await registry.read.versionId([model, manifestHash, [each]])
    expect(await registry.read.rootOf([version, verifier.address])).toBe(each.root)
  }
})

test("attack: nobody publishes under somebody else's model", async () => {
  const { registry, model, publisher, rival } = await networkHelpers.loadFixture(deployModel)

  await viem.assertions.revertWithCustomErrorWithArgs(
    registry.write.publish([model, manifestHash, manifestUri, []], { account: rival }),
    registry,
    'NotPublisher',
    [model, getAddress(rival), getAddress(publisher)],
  )
})

test('error: a model that was never created', async () => {
  const { registry, rival } = await networkHelpers.loadFixture(deployModel)
  const unknown = await registry.read.modelId([rival, salt])

  await viem.assertions.revertWithCustomErrorWithArgs(
    registry.write.publish([unknown, manifestHash, manifestUri, []], { account: rival }),
    registry,
    'UnknownModel',
    [unknown],
  )
})

test('attack 8: only verifiers that governance approved can ever judge', async () => {
  const { registry, model, publisher, admin } = await networkHelpers.loadFixture(deployModel)
  const account = { account: publisher }
  const verifier = await viem.deployContract('HashVerifier')
  const methods = [method(verifier.address, '0xc0de')]
  const args = [model, manifestHash, manifestUri, methods] as const

  await viem.assertions.revertWithCustomErrorWithArgs(
    registry.write.publish(args, account),
    registry,
    'VerifierNotApproved',
    [getAddress(verifier.address), 0],
  )
  await registry.write.approveVerifier([verifier.address], { account: admin })
  await registry.write.tombstoneVerifier([verifier.address], { account: admin })
  await viem.assertions.revertWithCustomErrorWithArgs(
    registry.write.publish(args, account),
    registry,
    'VerifierNotApproved',
    [getAddress(verifier.address), 2],
  )
})

test('error: a root that its verifier does not accept leaves no trace', async () => {
  const { registry, verifier, model, publisher } = await networkHelpers.loadFixture(deployModel)
  const root = keccak256(toHex('something else'))
  const methods = [{ ...method(verifier.address, '0xc0de'), root }]

  await viem.assertions.revertWithCustomErrorWithArgs(
    registry.write.publish([model, manifestHash, manifestUri, methods], { account: publisher }),
    verifier,
    'RootMismatch',
    [keccak256('0xc0de'), root],
  )

  const version = await registry.read.versionId([model, manifestHash, methods])
  expect(await registry.read.modelOf([version])).toBe(zeroHash)
})

test('error: no root, or two for one verifier', async () => {
  const { registry, verifier, model, publisher } = await networkHelpers.loadFixture(deployModel)
  const account = { account: publisher }
  const accepted = method(verifier.address, '0xc0de')

  await viem.assertions.revertWithCustomErrorWithArgs(
    registry.write.publish(
      [model, manifestHash, manifestUri, [{ ...accepted, root: zeroHash }]],
      account,
    ),
    registry,
    'ZeroRoot',
    [getAddress(verifier.address)],
  )
  await viem.assertions.revertWithCustomErrorWithArgs(
    registry.write.publish(
      [model, manifestHash, manifestUri, [accepted, method(verifier.address, '0xbeef')]],
      account,
    ),
    registry,
    'DuplicateMethod',
    [getAddress(verifier.address)],
  )
})
