import { exactMethodOf } from '@assay/protocol'
import { randomRun } from '@assay/tensor/examples'
import { deploySuite } from '@assay/testing'
import { network } from 'hardhat'
import { bytesToHex, keccak256, toHex } from 'viem'
import { expect, test } from 'vitest'

import { isRevert } from '../errors/decodeError.ts'
import { deployWeights } from './deployWeights.ts'
import { publishModel } from './publishModel.ts'

const { viem, networkHelpers } = await network.create()
const { program } = randomRun(3)

async function fixture() {
  const suite = await deploySuite(viem)
  const { deployment } = suite
  const method = exactMethodOf({
    verifier: deployment.tensorVerifier,
    root: program.tree.root,
    descriptors: program.descriptors.map((descriptor) => bytesToHex(descriptor)),
  })
  const manifestHash = keccak256(toHex('manifest'))
  return { suite, model: { deployment, name: 'digits', manifestHash, methods: [method] } }
}

test('default: a second version joins the model, a repeated one costs nothing', async () => {
  const { suite, model } = await networkHelpers.loadFixture(fixture)
  const { publisher } = suite.actors
  const first = await publishModel(publisher, model)
  expect(first.hashes.length).toBe(2)
  expect(await suite.registry.read.modelOf([first.version])).toBe(first.model)
  expect(await publishModel(publisher, model)).toEqual({ ...first, hashes: [] })

  const second = await publishModel(publisher, { ...model, manifestHash: keccak256('0x02') })
  expect(second.hashes.length).toBe(1)
  expect(second.model).toBe(first.model)
  expect(second.version).not.toBe(first.version)
})

test('error: a program that is not what its root says', async () => {
  const { suite, model } = await networkHelpers.loadFixture(fixture)
  const methods = model.methods.map((method) => ({ ...method, root: keccak256('0x03') }))
  const publish = publishModel(suite.actors.publisher, { ...model, methods })
  const error = await publish.catch((reason) => reason)
  expect(isRevert(error, 'ProgramMismatch') && error.args.expected).toBe(keccak256('0x03'))
})

test('behavior: weights are split where a contract would be too large', async () => {
  const { suite } = await networkHelpers.loadFixture(fixture)
  const { deployment, actors, publicClient } = suite
  const weights = Uint8Array.from({ length: 24_575 + 3 }, (_, i) => i % 251)
  const addresses = await deployWeights(actors.publisher, { deployment, weights })
  const codes = await Promise.all(addresses.map((address) => publicClient.getCode({ address })))
  expect(codes).toEqual([
    `0x00${bytesToHex(weights.subarray(0, 24_575)).slice(2)}`,
    `0x00${bytesToHex(weights.subarray(24_575)).slice(2)}`,
  ])
})
