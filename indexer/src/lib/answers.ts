import { answer } from 'ponder:schema'
import {
  claimOf,
  hashSettlement,
  type Job,
  type JobAnswered,
  marketDomain,
  settlementOf,
} from '@assay/protocol'
import { type Address, concat, domainSeparator, type Hash, keccak256 } from 'viem'

import type { JobRow } from './jobs.ts'
import type { Db } from './on.ts'
import type { Place } from './place.ts'

/** Returns the job as it was requested. */
export function requestOf(row: JobRow): Job {
  const { version: model, ramp, tau, challengeWindow, callbackGas, ...rest } = row
  return {
    ...rest,
    model,
    ramp: Number(ramp),
    tau: Number(tau),
    challengeWindow: Number(challengeWindow),
    callbackGas: Number(callbackGas),
  }
}

const separators = new Map<Address, Hash>()

/** `claimIdOf` from the hash that the settlement has already, with the domain hashed once: half of an answer's cost. */
function claimIdOfHash(chainId: number, market: Address, claimHash: Hash): Hash {
  const separator =
    separators.get(market) ?? domainSeparator({ domain: marketDomain({ chainId, market }) })
  separators.set(market, separator)
  return keccak256(concat(['0x1901', separator, claimHash]))
}

export type Answered = { chainId: number; job: JobRow; answered: JobAnswered }

/** Rebuilds the claim and the settlement of an answer from its two events, and returns the claim's id. */
export async function addAnswer(
  db: Db,
  at: Place,
  { chainId, job, answered }: Answered,
): Promise<Hash> {
  const { id, market } = job
  const request = requestOf(job)
  const claim = claimOf({ job: request, answered })
  const settlement = settlementOf({ job: request, answered })
  const claimId = claimIdOfHash(chainId, market, settlement.claimHash)
  const { model: version, callbackGas, ...settled } = settlement
  await db
    .insert(answer)
    .values({
      claimId,
      market,
      job: id,
      settlementHash: hashSettlement({ id, settlement }),
      version,
      inputHash: claim.inputHash,
      outputHash: claim.outputHash,
      evidenceHash: claim.evidenceHash,
      callbackGas: BigInt(callbackGas),
      ...settled,
      output: answered.output,
      ...at,
    })
    .onConflictDoNothing()
  return claimId
}
