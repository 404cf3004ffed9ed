import type { Deployment } from '@assay/protocol'
import type { HardhatViemHelpers } from '@nomicfoundation/hardhat-viem/types'
import { type Address, maxUint256 } from 'viem'

import { defaultTerms, type Terms } from './terms.ts'

const actorNames = [
  'admin',
  'publisher',
  'payer',
  'operator',
  'rival',
  'refuter',
  'relayer',
  'outsider',
] as const

export type ActorName = (typeof actorNames)[number]

/**
 * Deploys the real suite with the test token on an in-process chain. Every actor holds tokens and lets escrow and staking
 * pull them; the tensor verifier is approved for new model versions.
 *
 * @example
 * const { viem, networkHelpers } = await network.create()
 * async function fixture() {
 *   return deploySuite(viem)
 * }
 * const { deployment, actors, market } = await networkHelpers.loadFixture(fixture)
 */
export async function deploySuite(viem: HardhatViemHelpers, overrides: Partial<Terms> = {}) {
  const terms: Terms = { ...defaultTerms, ...overrides }
  const publicClient = await viem.getPublicClient()
  const startBlock = Number(await publicClient.getBlockNumber())
  const actors = await nameActors(viem)
  const contracts = await deployContracts(viem, actors.admin.account.address, terms)
  const { token, manager, escrow, staking, registry, market, tensorVerifier } = contracts
  await registry.write.approveVerifier([tensorVerifier.address], { account: actors.admin.account })
  for (const { account } of Object.values(actors)) {
    await token.write.mint([account.address, terms.funds])
    await token.write.approve([escrow.address, maxUint256], { account })
    await token.write.approve([staking.address, maxUint256], { account })
  }
  const deployment: Deployment = {
    chainId: await publicClient.getChainId(),
    startBlock,
    token: token.address,
    manager: manager.address,
    escrow: escrow.address,
    staking: staking.address,
    registry: registry.address,
    market: market.address,
    tensorVerifier: tensorVerifier.address,
    audits: contracts.audits.address,
    ledger: contracts.ledger.address,
  }
  return { ...contracts, actors, deployment, publicClient, terms }
}

export type Suite = Awaited<ReturnType<typeof deploySuite>>

async function nameActors(viem: HardhatViemHelpers) {
  const clients = await viem.getWalletClients()
  const entries = actorNames.map((name, index) => [name, clients[index]!] as const)
  // Each name got a client in the line above.
  return Object.fromEntries(entries) as Record<ActorName, (typeof clients)[number]>
}

async function deployContracts(viem: HardhatViemHelpers, admin: Address, terms: Terms) {
  const token = await viem.deployContract('TestToken')
  const manager = await viem.deployContract('AccessManager', [admin])
  const registry = await viem.deployContract('ModelRegistry', [manager.address])
  const escrow = await viem.deployContract('Escrow', [token.address])
  const staking = await viem.deployContract('OperatorStaking', [
    token.address,
    terms.activationDelay,
    terms.thawDelay,
    terms.rewardPpm,
  ])
  const market = await viem.deployContract('JobMarket', [
    escrow.address,
    staking.address,
    registry.address,
    manager.address,
    terms.maxAnswerWindow,
    terms.minChallengeWindow,
    terms.maxChallengeWindow,
    terms.parameters,
  ])
  const checker = await viem.deployContract('TensorChecker')
  const interpreter = await viem.deployContract('TensorInterpreter')
  const runner = await viem.deployContract('TensorRunner')
  const tensorVerifier = await viem.deployContract('TensorVerifier', [
    escrow.address,
    registry.address,
    checker.address,
    interpreter.address,
    runner.address,
    terms.demandBond,
    terms.supplyWindow,
    terms.followUpWindow,
  ])
  const core = { token, manager, registry, escrow, staking, market, tensorVerifier }
  return { ...core, ...(await deployServices(viem, core, terms)) }
}

type Core = Record<'escrow' | 'staking' | 'registry' | 'market', { address: Address }>

/** Deploys what stands beside the market. */
async function deployServices(viem: HardhatViemHelpers, core: Core, terms: Terms) {
  const { escrow, staking, registry, market } = core
  const audits = await viem.deployContract('Audits', [
    market.address,
    terms.auditTau,
    terms.confirmWindow,
    terms.liabilityRatioPpm,
    terms.liabilityFloor,
  ])
  const ledger = await viem.deployContract('ReceiptLedger', [
    escrow.address,
    staking.address,
    registry.address,
    terms.ledger,
  ])
  return { audits, ledger }
}
