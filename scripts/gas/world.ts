import { type Address, type Hex, maxUint256, parseUnits } from 'viem'

import type { GasChain } from './chain.ts'
import { createDemo } from './demo.ts'
import { wordOf } from './signatures.ts'

/** Amount of the test token, which has 6 decimals. */
export function dollars(amount: number): bigint {
  return parseUnits(String(amount), 6)
}

/** An account, in the form in which calls take their sender. */
export type Actor = { account: Address }

function actorsOf(chain: GasChain) {
  const actor = (index: number): Actor => ({ account: chain.wallets[index]!.account.address })
  return {
    admin: actor(0),
    payer: actor(1),
    operator: actor(2),
    refuter: actor(3),
    publisher: actor(4),
    /** Stands for a contract that spends and slashes. */
    spender: actor(5),
    /** Signs instead of sending. */
    permitter: actor(6),
    outsider: actor(7),
  }
}

const maxAnswerWindow = 600
const minChallengeWindow = 120
const maxChallengeWindow = 86_400

const parameters = {
  protocolFeePpm: 20_000,
  stakeRatioPpm: 5_000_000,
  commitBondPpm: 100_000,
  seatSeconds: 24,
  stakeFloor: dollars(1),
}

async function deployCore({ viem }: GasChain, { admin }: { admin: Actor }) {
  const token = await viem.deployContract('TestToken')
  const manager = await viem.deployContract('AccessManager', [admin.account])
  const registry = await viem.deployContract('ModelRegistry', [manager.address])
  const escrow = await viem.deployContract('Escrow', [token.address])
  const delays = [BigInt(maxAnswerWindow), 2n * BigInt(maxChallengeWindow)] as const
  const staking = await viem.deployContract('OperatorStaking', [token.address, ...delays, 300_000n])
  const market = await viem.deployContract('JobMarket', [
    ...([escrow.address, staking.address, registry.address, manager.address] as const),
    ...([maxAnswerWindow, minChallengeWindow, maxChallengeWindow, parameters] as const),
  ])
  const verifier = await viem.deployContract('TensorVerifier', [
    ...([escrow.address, registry.address, dollars(5), 300n, 120n] as const),
  ])
  return { token, manager, registry, escrow, staking, market, verifier }
}

/** The suite on a fresh chain: funded actors, the demo model published, the operator's stake active. */
export async function deployWorld(chain: GasChain) {
  const actors = actorsOf(chain)
  const suite = await deployCore(chain, actors)
  const world = { ...actors, ...suite, chainId: await chain.client.getChainId() }
  await fund(chain, world)

  const demo = await createDemo(chain)
  const method = { verifier: suite.verifier.address, ...demo.method }
  const version = await publish(chain, world, method)
  await stake(chain, world, version)
  return { ...world, demo, method, version }
}

type Suite = ReturnType<typeof actorsOf> & Awaited<ReturnType<typeof deployCore>>

async function fund({ receiptOf }: GasChain, suite: Suite) {
  const { escrow, market, operator, payer, permitter, refuter, staking, token, verifier } = suite
  for (const { account } of [payer, operator, refuter, permitter]) {
    await receiptOf(token.write.mint([account, dollars(100_000)]))
  }
  for (const { account } of [payer, operator, refuter]) {
    await receiptOf(token.write.approve([escrow.address, maxUint256], { account }))
    await receiptOf(token.write.approve([staking.address, maxUint256], { account }))
  }
  for (const { account } of [payer, refuter]) {
    for (const spender of [market.address, verifier.address]) {
      await receiptOf(escrow.write.deposit([account, spender, dollars(10_000)], { account }))
    }
  }
}

/** How a version can be judged: what `publish` takes. */
export type Method = { verifier: Address; root: Hex; data: Hex }

async function publish({ receiptOf }: GasChain, suite: Suite, method: Method): Promise<Hex> {
  const { admin, publisher, registry } = suite
  await receiptOf(registry.write.approveVerifier([method.verifier], admin))
  const salt = wordOf('demo model')
  await receiptOf(registry.write.create([salt, 'digits'], publisher))
  const model = await registry.read.modelId([publisher.account, salt])
  const manifest = wordOf('demo manifest')
  await receiptOf(registry.write.publish([model, manifest, '', [method]], publisher))
  return registry.read.versionId([model, manifest, [method]])
}

async function stake({ now, receiptOf, warpTo }: GasChain, suite: Suite, version: Hex) {
  const { market, operator, outsider, staking } = suite
  const amount = dollars(50_000)
  await receiptOf(staking.write.deposit([operator.account, amount], operator))
  await receiptOf(staking.write.allocate([market.address, version, amount], operator))
  warpTo(now() + (await staking.read.ACTIVATION_DELAY()))
  const activation = [market.address, version, operator.account] as const
  await receiptOf(staking.write.activate(activation, outsider))
}

export type World = Awaited<ReturnType<typeof deployWorld>>
