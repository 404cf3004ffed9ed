import { network } from 'hardhat'

import { type DeploySuiteParameters, deploySuite, transportOf } from './suite.ts'

/** A chain in this process with the suite on it. */
export async function setUp(options: Omit<DeploySuiteParameters, 'transport'> = {}) {
  const { provider } = await network.create()
  const rpc = (method: string, ...params: unknown[]) => provider.request({ method, params })
  const transport = transportOf(provider)
  const suite = await deploySuite({ transport, ...options })
  return {
    rpc,
    transport,
    suite,
    /** Switches from a block per transaction to a block every `ms`; each is a second on the chain's clock. */
    async tick(ms: number) {
      await rpc('evm_setAutomine', false)
      await rpc('evm_setIntervalMining', ms)
    },
  }
}
