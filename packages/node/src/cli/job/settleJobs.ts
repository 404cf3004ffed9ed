import { claimMany } from '@assay/sdk'
import type { Hash } from 'viem'

import type { Scene } from '../chain/onChain.ts'
import type { Report } from '../chain/report.ts'
import { exitCodes } from '../exitCodes.ts'

/** Settles jobs whose answers are final: operators earn their fees, payers get back the rest. Anybody may. */
export async function settleJobs(scene: Scene, ids: readonly Hash[]): Promise<Report> {
  const { client, deployment } = scene
  const { settled, skipped, hashes } = await claimMany(client, { deployment, ids })
  const left = skipped.map(({ id, status, isSettled }) =>
    isSettled ? `job ${id} was settled before` : `job ${id} is ${status}, not settled`,
  )
  const hasFailed = skipped.some(({ isSettled }) => !isSettled)
  return {
    lines: [
      ...settled.map((id) => `job ${id} settled`),
      ...left,
      ...hashes.map((hash) => `transaction ${hash}`),
    ],
    data: { settled, skipped, transactions: hashes },
    ...(hasFailed ? { exitCode: exitCodes.refused } : {}),
  }
}
