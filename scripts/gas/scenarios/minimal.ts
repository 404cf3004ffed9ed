import { keccak256, parseEther, toHex } from 'viem'

import { calldataGas } from '../calldata.ts'
import type { GasChain } from '../chain.ts'
import type { Meter } from '../meter.ts'

const FEE = parseEther('0.001')

/** Measures the hand-written contracts that mark what the operations could cost at least. */
export async function measureMinimal(chain: GasChain, meter: Meter) {
  await measureMarket(chain, meter)
  await measureSlashing(chain, meter)
}

async function measureMarket(chain: GasChain, meter: Meter) {
  const [payer, operator] = [chain.wallets[0]!.account, chain.wallets[1]!.account]
  const market = await chain.viem.deployContract('MinimalMarket')
  await chain.receiptOf(market.write.deposit({ account: payer, value: parseEther('1') }))
  await chain.receiptOf(market.write.deposit({ account: operator, value: 1n }))
  const window = await market.read.WINDOW()
  const answer = keccak256(toHex('minimal answer'))

  await meter.steady(async (run, round) => {
    const id = keccak256(toHex(`minimal job ${round}`))
    await run('MinimalMarket.request', market.write.request([id, FEE], { account: payer }))

    const commit = market.write.commit([id, payer.address, FEE, answer], { account: operator })
    await run('MinimalMarket.commit', commit)

    const answeredAt = chain.now()
    chain.warpTo(answeredAt + window)
    const answered = [id, payer.address, FEE, operator.address, answer, answeredAt] as const
    await run('MinimalMarket.settle', market.write.settle(answered, { account: payer }))
  })
  const life = ['request', 'commit', 'settle'].map((call) => `MinimalMarket.${call}`)
  meter.derived('MinimalMarket.life', sumOf(meter, life), 'request + commit + settle')
}

async function measureSlashing(chain: GasChain, meter: Meter) {
  const [source, operator, refuter] = chain.wallets.map((wallet) => wallet.account)
  const staking = await chain.viem.deployContract('MinimalSlashing', [source!.address])
  await chain.receiptOf(staking.write.deposit({ account: operator!, value: parseEther('1') }))

  const slash = () =>
    staking.write.slash([operator!.address, FEE, refuter!.address], { account: source! })
  await chain.receiptOf(slash())
  const { gasUsed, transactionHash } = await chain.receiptOf(slash())
  const { input } = await chain.client.getTransaction({ hash: transactionHash })
  const gas = Number(gasUsed) - calldataGas(input).intrinsic
  meter.derived('MinimalSlashing.slash', gas, 'the call, without its transaction')
}

function sumOf(meter: Meter, operations: string[]): number {
  return operations.reduce((sum, operation) => sum + meter.figure(operation).gas, 0)
}
