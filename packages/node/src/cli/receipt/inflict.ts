import { operatorStakingAbi } from '@assay/protocol'
import { getAllocation, getPenalty, submit } from '@assay/sdk'
import { type Address, formatEther, parseEventLogs } from 'viem'
import { estimateGas, getGasPrice, readContract } from 'viem/actions'

import { formatAmount } from '../chain/amounts.ts'
import type { Scene } from '../chain/onChain.ts'
import type { ChainOptions } from '../chain/options.ts'
import type { Report } from '../chain/report.ts'
import { allModels } from '../stake/sourceOf.ts'
import type { Call } from './ledgerCall.ts'

export type PenaltyOptions = ChainOptions & { dryRun?: true }

export type Penalty = {
  operator: Address
  /** Fee, or excess, by which it is measured. */
  amount: bigint
  /** Who gets the share of what is slashed. */
  rewarded: Address
  call: Call
  /** What it is about. */
  about: Report
}

/** Says what a penalty takes and costs, inflicts it unless nothing is to be sent, and says what came of it. */
export async function inflict(
  scene: Scene,
  { call, about, rewarded, ...of }: Penalty,
  { dryRun }: Pick<PenaltyOptions, 'dryRun'>,
): Promise<Report> {
  const { client, deployment, token, note } = scene
  const money = (amount: bigint) => formatAmount(amount, token)
  const expected = await forecast(scene, of)
  const price = await priceOf(scene, call)
  const lines = (slash: bigint, reward: bigint) => [
    `  slashes    ${money(slash)} of the operator's stake for receipts`,
    `  rewards    ${rewarded} with ${money(reward)}`,
  ]
  const intent = [...about.lines, ...lines(expected.slashed, expected.reward)]
  if (dryRun === true) {
    const cost = `  costs      ${price.gas} gas, ${formatEther(price.cost)} ETH; nothing was sent`
    const data = { ...about.data, ...expected, ...price, transaction: null }
    return { lines: [...intent, cost], data }
  }
  note([...intent, `  costs      ${price.gas} gas, ${formatEther(price.cost)} ETH`].join('\n'))
  const { hash, receipt } = await submit(client, { deployment, ...call })
  const [log] = parseEventLogs({
    ...{ abi: operatorStakingAbi, eventName: 'StakeSlashed', logs: receipt.logs },
  })
  // A penalty on an operator without stake slashes nothing, and says so.
  const { slashed = 0n, rewarded: reward = 0n } = log?.args ?? {}
  return {
    lines: [...about.lines, ...lines(slashed, reward), `  proof      transaction ${hash}`],
    data: { ...about.data, slashed, reward, gas: receipt.gasUsed, transaction: hash },
  }
}

/** What the penalty takes at most: there may be less stake than it costs. */
async function forecast(
  { client, deployment }: Scene,
  { operator, amount }: Pick<Penalty, 'operator' | 'amount'>,
) {
  const stake = { deployment, model: allModels, source: deployment.ledger, operator }
  const [penalty, { active, pending, thawing }, rewardPpm] = await Promise.all([
    getPenalty(client, { deployment, amount }),
    getAllocation(client, stake),
    readContract(client, {
      ...{ abi: operatorStakingAbi, address: deployment.staking, functionName: 'REWARD_PPM' },
    }),
  ])
  const held = active + pending + thawing
  const slashed = penalty < held ? penalty : held
  return { slashed, reward: (slashed * rewardPpm) / 1_000_000n }
}

/** Gas of a call that would succeed, and what it costs in wei; throws what it would revert with. */
export async function priceOf({ client, account }: Scene, call: Call) {
  const [gas, price] = await Promise.all([
    estimateGas(client, { account: account(), ...call }),
    getGasPrice(client),
  ])
  return { gas, cost: gas * price }
}
