import { operatorStakingAbi, tokenAbi } from '@assay/protocol'
import { getEscrowBalance } from '@assay/sdk'
import { type Address, formatEther } from 'viem'
import { getBalance, readContract } from 'viem/actions'

import { formatAmount } from '../chain/amounts.ts'
import type { Scene } from '../chain/onChain.ts'
import type { Report } from '../chain/report.ts'

/** Less of gas money than this does not matter to a person. */
const microether = 10n ** 12n

/** Shows what an account has: in its wallet, in escrow, as stake, and as reward. */
export async function showBalance(scene: Scene, given?: Address): Promise<Report> {
  const { client, deployment, token } = scene
  const account = given ?? scene.account().address
  const inEscrow = (spender: Address) =>
    getEscrowBalance(client, { deployment, payer: account, spender })
  const args = [account] as const
  const staking = { abi: operatorStakingAbi, address: deployment.staking, args } as const
  const wallet = { abi: tokenAbi, address: deployment.token, args } as const
  const [gas, tokens, fees, bonds, audits, receipts, freeStake, reward] = await Promise.all([
    getBalance(client, { address: account }),
    readContract(client, { ...wallet, functionName: 'balanceOf' }),
    inEscrow(deployment.market),
    inEscrow(deployment.tensorVerifier),
    inEscrow(deployment.audits),
    inEscrow(deployment.ledger),
    readContract(client, { ...staking, functionName: 'freeOf' }),
    readContract(client, { ...staking, functionName: 'rewardOf' }),
  ])
  const amounts = { tokens, fees, bonds, audits, receipts, freeStake, reward }
  const names = {
    tokens: 'in the wallet',
    fees: 'in escrow for fees',
    bonds: 'in escrow for bonds',
    audits: 'in escrow for audits',
    receipts: 'in escrow for receipts',
    freeStake: 'staked, behind no model',
    reward: 'earned by refuting',
  }
  const rows = Object.entries(names) as [keyof typeof names, string][]
  return {
    lines: [
      account,
      ...rows.map(([key, name]) => `  ${name.padEnd(24)} ${formatAmount(amounts[key], token)}`),
      `  ${'for gas'.padEnd(24)} ${formatEther(gas - (gas % microether))} ETH`,
    ],
    data: { account, ...amounts, gas },
  }
}
