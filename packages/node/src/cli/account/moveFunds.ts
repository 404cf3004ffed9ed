import { tokenAbi } from '@assay/protocol'
import { deposit, getEscrowBalance, withdraw } from '@assay/sdk'
import { readContract } from 'viem/actions'

import { formatAmount, parseAmount } from '../chain/amounts.ts'
import { FundsMissingError } from '../chain/errors.ts'
import type { Scene } from '../chain/onChain.ts'
import type { ChainOptions } from '../chain/options.ts'
import type { Report } from '../chain/report.ts'
import type { FundsUse } from './fundsUses.ts'

export type MoveOptions = ChainOptions & {
  /** Whether the market, the tensor verifier, the audits or the receipt ledger may take it. */
  for: FundsUse
}

/** Moves tokens between the account and its escrow balance. */
export async function moveFunds(
  scene: Scene,
  direction: 'deposit' | 'withdraw',
  options: MoveOptions & { amount: string },
): Promise<Report> {
  const { client, deployment, token } = scene
  const payer = scene.account().address
  const amount = parseAmount(options.amount, token)
  const { audits, ledger: receipts, market: fees, tensorVerifier: bonds } = deployment
  const spender = { audits, bonds, fees, receipts }[options.for]
  if (direction === 'deposit') await needTokens(scene, amount)
  const move = direction === 'deposit' ? deposit : withdraw
  const { hash } = await move(client, { deployment, amount, spender })
  const balance = await getEscrowBalance(client, { deployment, payer, spender })
  const done = direction === 'deposit' ? 'deposited' : 'withdrawn'
  return {
    lines: [
      `${formatAmount(amount, token)} ${done} by ${payer}`,
      `${formatAmount(balance, token)} held for ${options.for}`,
      `transaction ${hash}`,
    ],
    data: { account: payer, for: options.for, amount, balance, transaction: hash },
  }
}

/** Sees that the account has the tokens that it is about to hand over. */
export async function needTokens(scene: Scene, needed: bigint): Promise<void> {
  const { client, deployment, token } = scene
  const { address } = scene.account()
  const held = await readContract(client, {
    abi: tokenAbi,
    address: deployment.token,
    functionName: 'balanceOf',
    args: [address],
  })
  if (held >= needed) return
  const fault = `has ${formatAmount(held, token)}, needed ${formatAmount(needed, token)}`
  throw new FundsMissingError(address, fault)
}
