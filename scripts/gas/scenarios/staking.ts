import { dollars } from '@assay/testing'

import { DEADLINE, signPermit } from '../signatures.ts'
import { wordOf } from '../world.ts'
import type { Scene } from './scene.ts'

const AMOUNT = dollars(10)
const MODEL = wordOf('staking model')

/** Measures `OperatorStaking` but for the slash, whose figure is that inside a refutation. */
export async function measureStaking(scene: Scene) {
  const { chain, meter, world } = scene
  const { market, operator, outsider, staking } = world
  const source = market.address
  const address = operator.account
  const record = {
    signer: outsider.account,
    payout: outsider.account,
    encryptionKey: wordOf('encryption key'),
    endpoint: 'https://operator.example',
  }
  const [delay, thaw] = [await staking.read.ACTIVATION_DELAY(), await staking.read.THAW_DELAY()]

  await meter.steady(async (run) => {
    await run('OperatorStaking.register', staking.write.register([record], operator))
    await run('OperatorStaking.setAsk', staking.write.setAsk([MODEL, AMOUNT, true], operator))
    await run('OperatorStaking.deposit', staking.write.deposit([address, AMOUNT], operator))
    const allocate = staking.write.allocate([source, MODEL, AMOUNT - 1n], operator)
    await run('OperatorStaking.allocate', allocate)
    chain.warpTo(chain.now() + delay)
    const activate = staking.write.activate([source, MODEL, address], outsider)
    await run('OperatorStaking.activate', activate)
    const amount = AMOUNT - 2n
    await run('OperatorStaking.thaw', staking.write.thaw([source, MODEL, amount], operator))
    chain.warpTo(chain.now() + thaw)
    await run('OperatorStaking.free', staking.write.free([source, MODEL, address], outsider))
    await run('OperatorStaking.withdraw', staking.write.withdraw([amount - 1n, address], operator))
  })
  await measurePermit(scene)
  await measureSlashed(scene)
}

async function measurePermit({ chain, meter, world }: Scene) {
  const { permitter, staking } = world
  await meter.steady(async (run) => {
    const permit = { owner: permitter, spender: staking.address, value: AMOUNT }
    const { v, r, s } = await signPermit(chain, world, permit)
    const deposit = staking.write.depositWithPermit([AMOUNT, DEADLINE, v, r, s], permitter)
    await run('OperatorStaking.depositWithPermit', deposit)
  })
}

/** Measures what happens to slashed stake; an account of its own is the source that slashes. */
async function measureSlashed({ chain, meter, world }: Scene) {
  const { operator, refuter, spender, staking } = world
  const [source, slashed] = [spender.account, operator.account]
  await chain.receiptOf(staking.write.deposit([slashed, AMOUNT], operator))
  await chain.receiptOf(staking.write.allocate([source, MODEL, AMOUNT], operator))

  await meter.steady(async (run) => {
    const to = refuter.account
    const slash = [MODEL, slashed, dollars(1), to, wordOf('reason')] as const
    await chain.receiptOf(staking.write.slash(slash, spender))
    await run('OperatorStaking.withdrawReward', staking.write.withdrawReward([to], refuter))
    await run('OperatorStaking.burn', staking.write.burn(refuter))
  })
}
