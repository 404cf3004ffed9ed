import type { Method } from '@assay/protocol'
import { methodOf } from '@assay/tensor'
import { defaultTerms, deploySuite, dollars } from '@assay/testing'
import { type Address, type Hex, keccak256, toHex } from 'viem'

import type { GasChain } from './chain.ts'
import { createDemo } from './demo.ts'

/** A window holds whatever is measured within it, with blocks two seconds apart. */
const terms = {
  activationDelay: 600n,
  thawDelay: 200_000n,
  maxAnswerWindow: 600,
  minChallengeWindow: 120,
  maxChallengeWindow: 86_400,
  parameters: { ...defaultTerms.parameters, seatSeconds: 24 },
  funds: dollars(100_000),
}

/** An account, in the form in which calls take their sender. */
export type Actor = { account: Address }

/** The suite on a fresh chain: funded actors, the demo model published, the operator's stake active. */
export async function deployWorld(chain: GasChain) {
  const { actors, deployment, tensorVerifier, ...suite } = await deploySuite(chain.viem, terms)
  const actor = (index: number): Actor => ({ account: chain.wallets[index]!.account.address })
  const world = {
    ...suite,
    chainId: deployment.chainId,
    verifier: tensorVerifier,
    admin: { account: actors.admin.account.address },
    publisher: { account: actors.publisher.account.address },
    payer: { account: actors.payer.account.address },
    operator: { account: actors.operator.account.address },
    refuter: { account: actors.refuter.account.address },
    outsider: { account: actors.outsider.account.address },
    /** Signs instead of sending: it approved nothing. */
    permitter: actor(8),
    /** Stands for a contract that spends and slashes. */
    spender: actor(9),
  }
  await fund(chain, world)

  const demo = await createDemo(chain)
  const method = methodOf(demo.program, world.verifier.address)
  const version = await publish(chain, world, method)
  await stake(chain, world, version)
  return { ...world, demo, method, version }
}

type Contracts = Awaited<ReturnType<typeof deploySuite>>

type Suite = Pick<Contracts, 'escrow' | 'market' | 'registry' | 'staking' | 'token'> &
  Record<'operator' | 'outsider' | 'payer' | 'permitter' | 'publisher' | 'refuter', Actor> & {
    verifier: Contracts['tensorVerifier']
  }

async function fund({ receiptOf }: GasChain, suite: Suite) {
  const { escrow, market, payer, permitter, refuter, token, verifier } = suite
  await receiptOf(token.write.mint([permitter.account, terms.funds]))
  for (const { account } of [payer, refuter]) {
    for (const spender of [market.address, verifier.address]) {
      await receiptOf(escrow.write.deposit([account, spender, dollars(10_000)], { account }))
    }
  }
}

async function publish({ receiptOf }: GasChain, suite: Suite, method: Method): Promise<Hex> {
  const { publisher, registry } = suite
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
  warpTo(now() + terms.activationDelay)
  const activation = [market.address, version, operator.account] as const
  await receiptOf(staking.write.activate(activation, outsider))
}

export type World = Awaited<ReturnType<typeof deployWorld>>

/** A word that is the same in every run. */
export function wordOf(name: string): Hex {
  return keccak256(toHex(name))
}
