import {
  encodeAbiParameters,
  keccak256,
  parseAbiParameters,
  parseEther,
  parseSignature,
  signatureToCompactSignature,
  toHex,
} from 'viem'
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'

import { calldataGas } from '../calldata.ts'
import type { GasChain } from '../chain.ts'
import type { Meter } from '../meter.ts'

const FEE = parseEther('0.001')

/** What a payer of `MinimalVouchers` signs: chain, contract, payer, operator, total. */
const SIGNED = parseAbiParameters('uint256, address, address, address, uint256')

/** Measures the hand-written contracts that mark what the operations could cost at least. */
export async function measureMinimal(chain: GasChain, meter: Meter) {
  await measureMarket(chain, meter)
  await measureSlashing(chain, meter)
  await measureVouchers(chain, meter)
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

async function measureVouchers(chain: GasChain, meter: Meter) {
  const [funder, operator] = [chain.wallets[0]!.account, chain.wallets[1]!.account]
  const vouchers = await chain.viem.deployContract('MinimalVouchers')
  const chainId = BigInt(await chain.client.getChainId())
  const payers = Array.from({ length: 50 }, (_, i) =>
    privateKeyToAccount(keccak256(toHex(`minimal payer ${i}`))),
  )
  for (const payer of payers) {
    const fund = [payer.address, operator.address] as const
    await chain.receiptOf(vouchers.write.fund(fund, { account: funder, value: 10n * FEE }))
  }
  const sign = async (payer: PrivateKeyAccount, total: bigint) => {
    const message = [chainId, vouchers.address, payer.address, operator.address, total] as const
    const signature = await payer.sign({ hash: keccak256(encodeAbiParameters(SIGNED, message)) })
    const { r, yParityAndS: vs } = signatureToCompactSignature(parseSignature(signature))
    return { payer: payer.address, total, r, vs }
  }

  await meter.steady(async (run, round) => {
    const one = await sign(payers[0]!, BigInt(2 * round + 1) * FEE)
    const alone = vouchers.write.collect([[one]], { account: operator })
    await run('MinimalVouchers.collect', alone)
    const total = BigInt(2 * round + 2) * FEE
    const all = await Promise.all(payers.map((payer) => sign(payer, total)))
    const together = vouchers.write.collect([all], { account: operator })
    await run('MinimalVouchers.collect50', together)
  })
  const each = meter.figure('MinimalVouchers.collect50').gas / 50
  meter.derived('MinimalVouchers.collectEachOf50', each, 'a payer of a call with fifty')
}

function sumOf(meter: Meter, operations: string[]): number {
  return operations.reduce((sum, operation) => sum + meter.figure(operation).gas, 0)
}
