import { toFunctionSelector } from 'viem'

import type { Scene } from './scene.ts'

const SET_AUTHORITY = toFunctionSelector('setAuthority(address)')

/** Measures what governance may do. The access manager lets its admin act at once, so no schedule is consumed. */
export async function measureGovernance(scene: Scene) {
  await measureParameters(scene)
  await measureVerifiers(scene)
  await measureAuthority(scene)
}

async function measureParameters({ chain, meter, world }: Scene) {
  const { admin, market, outsider } = world
  const parameters = await market.read.parametersOf([await market.read.currentParametersId()])
  await meter.steady(async (run) => {
    await run('JobMarket.setParameters', market.write.setParameters([parameters], admin))
    await run('JobMarket.setRequestsPaused', market.write.setRequestsPaused([true], admin))
    await chain.receiptOf(market.write.setRequestsPaused([false], admin))
  })
  const collect = market.write.collectProtocolFees([outsider.account], admin)
  await meter.transaction('JobMarket.collectProtocolFees', collect)
}

async function measureVerifiers({ chain, meter, world }: Scene) {
  const { admin, registry } = world
  await meter.steady(async (run) => {
    const { address } = await chain.viem.deployContract('HashVerifier')
    await run('ModelRegistry.approveVerifier', registry.write.approveVerifier([address], admin))
    const tombstone = registry.write.tombstoneVerifier([address], admin)
    await run('ModelRegistry.tombstoneVerifier', tombstone)
  })
}

/** Hands each contract to another access manager and back, which then is what is measured. */
async function measureAuthority({ chain, meter, world }: Scene) {
  const { admin, manager, market, registry } = world
  const other = await chain.viem.deployContract('AccessManager', [admin.account])
  for (const [name, { address }] of Object.entries({
    JobMarket: market,
    ModelRegistry: registry,
  })) {
    await chain.receiptOf(manager.write.updateAuthority([address, other.address], admin))
    const back = other.write.updateAuthority([address, manager.address], admin)
    const { transactionHash } = await chain.receiptOf(back)
    const call = { to: address, selector: SET_AUTHORITY }
    const about = 'inside AccessManager.updateAuthority'
    await meter.call(`${name}.setAuthority`, transactionHash, call, about)
  }
}
