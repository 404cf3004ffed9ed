import { type Deployment, type Job, jobMarketAbi } from '@assay/protocol'
import { requestJob } from '@assay/sdk'
import { hashInput, type Program } from '@assay/tensor'
import type { Sample } from '@assay/tensor/node'
import { type Address, bytesToHex, type Hash, type Hex } from 'viem'
import { readContract } from 'viem/actions'

import type { Player } from './cast.ts'

/** A job of the story, as far as it has come. */
export type StoryJob = {
  /** Number in the story, from 1. */
  number: number
  id: Hash
  job: Job
  sample: Sample
  /** Job that this one repeats because its answer was refuted. */
  repeats: number | undefined
  /** Whose slot opens first, and when; undefined until the seed is there. */
  first: { operator: Address; opensAt: number } | undefined
  answeredBy: Address | undefined
  answeredAt: number | undefined
  /** Scores that were answered. */
  output: Hex | undefined
  /** Digit with the highest of them. */
  digit: number | undefined
  end: 'Settled' | 'Refuted' | 'Expired' | undefined
}

/** Seconds in which an answer can be challenged. */
export const challengeWindow = 15

export type RequestParameters = {
  deployment: Deployment
  model: Hash
  program: Program
  sample: Sample
  number: number
  repeats: number | undefined
}

/** Has the dApp request the classification of one digit. */
export async function request(payer: Player, parameters: RequestParameters): Promise<StoryJob> {
  const { deployment, model, program, sample, number, repeats } = parameters
  const { id, job } = await requestJob(payer.client, {
    deployment,
    model,
    inputHash: hashInput(program, sample.input),
    input: bytesToHex(sample.input),
    feeMin: 1_000_000n,
    feeMax: 2_000_000n,
    ramp: 20,
    tau: 2,
    challengeWindow,
    answerWindow: 28,
  })
  const open = { first: undefined, answeredBy: undefined, answeredAt: undefined, output: undefined }
  return { number, id, job, sample, repeats, ...open, digit: undefined, end: undefined }
}

/** Returns whose slot opens first; undefined while the seed is not there. */
export async function firstSlot(
  player: Player,
  deployment: Deployment,
  job: Job,
  operators: readonly Address[],
): Promise<StoryJob['first']> {
  try {
    const slots = await Promise.all(
      operators.map(async (operator) => ({
        operator,
        opensAt: Number(
          await readContract(player.client, {
            abi: jobMarketAbi,
            address: deployment.market,
            functionName: 'slotOf',
            args: [job, operator],
          }),
        ),
      })),
    )
    return slots.toSorted((a, b) => a.opensAt - b.opensAt)[0]
  } catch {
    // The seed block is not there yet, or the job was answered meanwhile.
    return undefined
  }
}

/** Returns the class with the highest score; the first of equals. */
export function argMax(output: Uint8Array): number {
  return output.reduce((best, score, digit) => (score > output[best]! ? digit : best), 0)
}
