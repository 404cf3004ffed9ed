import type { Deployment } from '@assay/protocol'
import { composeProgram, hashInput, type Program } from '@assay/tensor'
import { type Address, bytesToHex, encodeAbiParameters, type Hash, keccak256, toHex } from 'viem'

import { deployCore, dollars, networkHelpers, viem } from '../../contracts/fixtures.ts'

export const supplyWindow = 40n
export const followUpWindow = 20n
export const challengeWindow = 60
export const demandBond = dollars(5)

const maxUint256 = 2n ** 256n - 1n

export const parameters = {
  protocolFeePpm: 20_000,
  stakeRatioPpm: 2_000_000,
  commitBondPpm: 100_000,
  seatSeconds: 5,
  stakeFloor: dollars(1),
}

function createProgram(): Program {
  const weights = (seed: number) => Int8Array.from({ length: 8 }, (_, i) => ((seed + i) * 37) % 100)
  const row = (seed: number) => ({
    bias: 100,
    multiplier: 2 ** 30,
    shift: -6,
    weights: weights(seed),
  })
  const table = Uint8Array.from({ length: 256 }, (_, i) => 255 - i)
  const dense = { kind: 'dense', outputZero: 128, clampMin: 0, clampMax: 255 } as const
  return composeProgram({
    input: { rows: 2, rowBytes: 4 },
    layers: [
      { kind: 'lookup', source: 0, table },
      { ...dense, source: 1, rows: [row(1), row(2), row(3)] },
    ],
  })
}

type Registry = Awaited<ReturnType<typeof deployCore>>['registry']

async function publish(
  registry: Registry,
  publisher: Address,
  verifier: Address,
  program: Program,
) {
  const salt = keccak256(toHex('exact'))
  await registry.write.create([salt, 'exact'], { account: publisher })
  const model = await registry.read.modelId([publisher, salt])
  const descriptors = program.descriptors.map((bytes) => bytesToHex(bytes))
  const data = encodeAbiParameters([{ type: 'bytes[]' }], [descriptors])
  const methods = [{ verifier, root: program.tree.root, data }]
  const manifestHash = keccak256(toHex('manifest'))
  await registry.write.publish([model, manifestHash, 'ipfs://manifest', methods], {
    account: publisher,
  })
  return registry.read.versionId([model, manifestHash, methods])
}

/** The whole suite with an exact model, two staked operators and funded payers; `jobs` fills as the story goes. */
export async function deployWorld() {
  const startBlock = await networkHelpers.time.latestBlock()
  const core = await deployCore()
  const { admin, publisher, payer, refuter, operator, rival, registry, escrow, staking } = core
  const verifier = await viem.deployContract('TensorVerifier', [
    escrow.address,
    registry.address,
    demandBond,
    supplyWindow,
    followUpWindow,
  ])
  const market = await viem.deployContract('JobMarket', [
    escrow.address,
    staking.address,
    registry.address,
    core.manager.address,
    60,
    10,
    600,
    parameters,
  ])
  await registry.write.approveVerifier([verifier.address], { account: admin })
  const program = createProgram()
  const version = await publish(registry, publisher, verifier.address, program)

  await core.token.write.mint([refuter, dollars(100)])
  await core.token.write.approve([escrow.address, maxUint256], { account: refuter })
  const deployment: Deployment = {
    chainId: await core.publicClient.getChainId(),
    startBlock,
    token: core.token.address,
    manager: core.manager.address,
    escrow: escrow.address,
    staking: staking.address,
    registry: registry.address,
    market: market.address,
    tensorVerifier: verifier.address,
  }
  const input = Uint8Array.from([1, 50, 100, 150, 200, 250, 128, 0])
  const inputHash = hashInput(program, input)
  const actors = { payers: [payer, refuter, operator, rival], operators: [operator, rival] }
  const known = { jobs: new Set<Hash>(), demands: new Set<Hash>() }
  const model = { program, version, input, inputHash }
  return { ...core, verifier, market, deployment, ...model, ...actors, known }
}

export type World = Awaited<ReturnType<typeof deployWorld>>
