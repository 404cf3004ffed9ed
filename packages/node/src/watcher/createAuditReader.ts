import {
  type AuditOrder,
  auditsAbi,
  type Deployment,
  escrowAbi,
  jobMarketAbi,
  operatorStakingAbi,
  tensorVerifierAbi,
} from '@assay/protocol'
import type { Address, Hash, PublicClient } from 'viem'

import { revertOf } from '../transactions/revert.ts'
import type { AuditStake, AuditTerms, Draw } from './auditing.ts'

export type AuditStakeOfParameters = { model: Hash; auditor: Address; blockNumber: bigint }
export type DrawOfParameters = { order: AuditOrder; auditor: Address; blockNumber: bigint }

/** What an auditor reads of the contracts. */
export type AuditReader = {
  terms: () => Promise<AuditTerms>
  /** Whether `account` may confirm for `auditor`. */
  mayActFor: (auditor: Address, account: Address, blockNumber: bigint) => Promise<boolean>
  stakeOf: (parameters: AuditStakeOfParameters) => Promise<AuditStake>
  /** Nothing where the seed is lost, or the audit is not open any more. */
  drawOf: (parameters: DrawOfParameters) => Promise<Draw | undefined>
  /** Token units that `account` has in escrow for audits, rewards included. */
  escrowedOf: (account: Address, blockNumber: bigint) => Promise<bigint>
}

export type CreateAuditReaderParameters = {
  client: Pick<PublicClient, 'readContract'>
  deployment: Deployment
}

export function createAuditReader({
  client,
  deployment,
}: CreateAuditReaderParameters): AuditReader {
  const audits = { address: deployment.audits, abi: auditsAbi } as const
  const staking = { address: deployment.staking, abi: operatorStakingAbi } as const
  return {
    terms: () => readTerms({ client, deployment }),
    mayActFor: (auditor, account, blockNumber) =>
      client.readContract({
        ...{ ...staking, blockNumber },
        functionName: 'mayActFor',
        args: [auditor, account],
      }),
    async stakeOf({ model, auditor, blockNumber }) {
      const [{ active, pending, activeAt }, reserved] = await Promise.all([
        client.readContract({
          ...{ ...staking, blockNumber },
          functionName: 'allocationOf',
          args: [deployment.audits, model, auditor],
        }),
        client.readContract({
          ...{ ...audits, blockNumber },
          functionName: 'reservedOf',
          args: [model, auditor],
        }),
      ])
      return { active, pending, activeAt, reserved }
    },
    async drawOf({ order, auditor, blockNumber }) {
      const at = { ...audits, blockNumber }
      try {
        const [isDrawn, opensAt] = await Promise.all([
          client.readContract({ ...at, functionName: 'isDrawn', args: [order] }),
          client.readContract({ ...at, functionName: 'slotOf', args: [order, auditor] }),
        ])
        return { isDrawn, opensAt }
      } catch (error) {
        if (revertOf(error) === undefined) throw error
        return undefined
      }
    },
    escrowedOf: (account, blockNumber) =>
      client.readContract({
        ...{ address: deployment.escrow, abi: escrowAbi, blockNumber },
        functionName: 'balanceOf',
        args: [account, deployment.audits],
      }),
  }
}

async function readTerms({ client, deployment }: CreateAuditReaderParameters): Promise<AuditTerms> {
  const audits = { address: deployment.audits, abi: auditsAbi } as const
  const market = { address: deployment.market, abi: jobMarketAbi } as const
  const verifier = { address: deployment.tensorVerifier, abi: tensorVerifierAbi } as const
  const [confirmWindow, liabilityRatioPpm, liabilityFloor, requestWindow, supplyWindow] =
    await Promise.all([
      client.readContract({ ...audits, functionName: 'CONFIRM_WINDOW' }),
      client.readContract({ ...audits, functionName: 'LIABILITY_RATIO_PPM' }),
      client.readContract({ ...audits, functionName: 'LIABILITY_FLOOR' }),
      client.readContract({ ...market, functionName: 'MAX_ANSWER_WINDOW' }),
      client.readContract({ ...verifier, functionName: 'SUPPLY_WINDOW' }),
    ])
  return {
    confirmWindow: BigInt(confirmWindow),
    liabilityRatioPpm: BigInt(liabilityRatioPpm),
    liabilityFloor,
    requestWindow: BigInt(requestWindow),
    supplyWindow: BigInt(supplyWindow),
  }
}
