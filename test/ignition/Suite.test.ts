import { artifacts, network } from 'hardhat'
import { type Address, encodeFunctionData, getAddress, type Hex } from 'viem'
import { expect, test } from 'vitest'

import HandOver from '../../ignition/modules/HandOver.ts'
import Suite from '../../ignition/modules/Suite.ts'
import { ledgerTerms } from './ledgerTerms.ts'

const { ignition, networkHelpers, viem } = await network.create()
const clients = await viem.getWalletClients()
const [deployer, governor, guardian, admin, outsider] = clients.map(
  (client) => client.account.address,
) as [Address, Address, Address, Address, Address]

const executionDelay = 100
const parameters = {
  OperatorStaking: { activationDelay: 30, thawDelay: 600, rewardPpm: 300_000 },
  JobMarket: {
    maxAnswerWindow: 30,
    minChallengeWindow: 10,
    maxChallengeWindow: 60,
    protocolFeePpm: 20_000,
    stakeRatioPpm: 2_000_000,
    commitBondPpm: 100_000,
    seatSeconds: 5,
    stakeFloor: 1_000_000n,
  },
  TensorVerifier: { demandBond: 1_000_000n, supplyWindow: 20, followUpWindow: 40 },
  Audits: { tau: 1, confirmWindow: 4, liabilityRatioPpm: 30_000_000, liabilityFloor: 1_000_000n },
  ReceiptLedger: ledgerTerms,
  Governance: { governor, guardian, executionDelay },
  HandOver: { admin, executionDelay },
}

async function deploySuite() {
  return ignition.deploy(Suite, { parameters })
}

async function deployHandOver() {
  return ignition.deploy(HandOver, { parameters })
}

type Deployed = Awaited<ReturnType<typeof deploySuite>>

const approval = (registry: Deployed['registry'], verifier: Address): Hex =>
  encodeFunctionData({ abi: registry.abi, functionName: 'approveVerifier', args: [verifier] })

test('default: everything is wired by the parameters', async () => {
  const { token, escrow, staking, registry, market, manager, tensorVerifier, ledger } =
    await networkHelpers.loadFixture(deploySuite)

  expect(await escrow.read.TOKEN()).toBe(getAddress(token.address))
  expect(await staking.read.TOKEN()).toBe(getAddress(token.address))
  expect(await staking.read.THAW_DELAY()).toBe(600n)
  expect(await market.read.ESCROW()).toBe(getAddress(escrow.address))
  expect(await market.read.STAKING()).toBe(getAddress(staking.address))
  expect(await market.read.REGISTRY()).toBe(getAddress(registry.address))
  expect(await market.read.parametersOf([1])).toEqual({
    protocolFeePpm: 20_000,
    stakeRatioPpm: 2_000_000,
    commitBondPpm: 100_000,
    seatSeconds: 5,
    stakeFloor: 1_000_000n,
  })
  expect(await tensorVerifier.read.FOLLOW_UP_WINDOW()).toBe(40n)
  expect(await ledger.read.ESCROW()).toBe(getAddress(escrow.address))
  expect(await ledger.read.STAKING()).toBe(getAddress(staking.address))
  expect(await ledger.read.REGISTRY()).toBe(getAddress(registry.address))
  expect(await ledger.read.terms()).toEqual(parameters.ReceiptLedger)
  for (const governed of [registry, market]) {
    expect(await governed.read.authority()).toBe(getAddress(manager.address))
  }
})

test('default: the tensor verifier may judge new versions', async () => {
  const { registry, tensorVerifier } = await networkHelpers.loadFixture(deploySuite)

  expect(await registry.read.verifierStatus([tensorVerifier.address])).toBe(1)
})

test('default: the tensor verifier has its parts in their places', async () => {
  const { tensorVerifier } = await networkHelpers.loadFixture(deploySuite)
  const publicClient = await viem.getPublicClient()
  const codeOf = (address: Address) => publicClient.getCode({ address })

  const { deployedBytecode: checker } = await artifacts.readArtifact('TensorChecker')
  expect(await codeOf(await tensorVerifier.read.CHECKER())).toBe(checker)
  const { deployedBytecode: interpreter } = await artifacts.readArtifact('TensorInterpreter')
  expect(await codeOf(await tensorVerifier.read.INTERPRETER())).toBe(interpreter)
  const { deployedBytecode: runner } = await artifacts.readArtifact('TensorRunner')
  expect(await codeOf(await tensorVerifier.read.RUNNER())).toBe(runner)
})

test('parameters: the file for local chains deploys', async () => {
  const { market, ledger } = await ignition.deploy(Suite, {
    parameters: `${import.meta.dirname}/../../ignition/parameters/local.json5`,
  })

  expect(await market.read.MAX_ANSWER_WINDOW()).toBe(60)
  expect(await ledger.read.terms()).toMatchObject({ releaseWindow: 60, horizon: 600 })
})

test('behavior: the governor acts after the execution delay, not before', async () => {
  const { registry, manager } = await networkHelpers.loadFixture(deploySuite)
  const account = { account: governor }
  const data = approval(registry, outsider)

  await viem.assertions.revertWithCustomError(
    registry.write.approveVerifier([outsider], account),
    manager,
    'AccessManagerNotScheduled',
  )
  await manager.write.schedule([registry.address, data, 0], account)
  await viem.assertions.revertWithCustomError(
    registry.write.approveVerifier([outsider], account),
    manager,
    'AccessManagerNotReady',
  )
  await networkHelpers.time.increase(executionDelay)
  await registry.write.approveVerifier([outsider], account)

  expect(await registry.read.verifierStatus([outsider])).toBe(1)
})

test('behavior: the guardian cancels what the governor scheduled', async () => {
  const { registry, manager } = await networkHelpers.loadFixture(deploySuite)
  const data = approval(registry, outsider)
  await manager.write.schedule([registry.address, data, 0], { account: governor })

  await manager.write.cancel([governor, registry.address, data], { account: guardian })

  await networkHelpers.time.increase(executionDelay)
  await viem.assertions.revertWithCustomError(
    registry.write.approveVerifier([outsider], { account: governor }),
    manager,
    'AccessManagerNotScheduled',
  )
})

test('behavior: the guardian pauses requests at once, and nothing else', async () => {
  const { registry, market } = await networkHelpers.loadFixture(deploySuite)
  const account = { account: guardian }

  await market.write.setRequestsPaused([true], account)
  expect(await market.read.requestsPaused()).toBe(true)

  await viem.assertions.revertWithCustomErrorWithArgs(
    market.write.collectProtocolFees([guardian], account),
    market,
    'AccessManagedUnauthorized',
    [getAddress(guardian)],
  )
  await viem.assertions.revertWithCustomErrorWithArgs(
    registry.write.tombstoneVerifier([outsider], account),
    registry,
    'AccessManagedUnauthorized',
    [getAddress(guardian)],
  )
})

test('behavior: everybody else, the deployer too, is turned away', async () => {
  const { market } = await networkHelpers.loadFixture(deploySuite)

  for (const account of [deployer, outsider]) {
    await viem.assertions.revertWithCustomErrorWithArgs(
      market.write.setRequestsPaused([true], { account }),
      market,
      'AccessManagedUnauthorized',
      [getAddress(account)],
    )
  }
})

test('behavior: after the hand-over the admin waits, too, and the deployer has no say', async () => {
  const { manager } = await networkHelpers.loadFixture(deployHandOver)
  const grant = [1n, outsider, 0] as const

  await viem.assertions.revertWithCustomErrorWithArgs(
    manager.write.grantRole(grant, { account: deployer }),
    manager,
    'AccessManagerUnauthorizedAccount',
    [getAddress(deployer), 0n],
  )
  await viem.assertions.revertWithCustomError(
    manager.write.grantRole(grant, { account: admin }),
    manager,
    'AccessManagerNotScheduled',
  )
  expect(await manager.read.hasRole([0n, admin])).toEqual([true, executionDelay])
})
