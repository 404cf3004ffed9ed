import { claimOf, encodeContext, type Job, jobIdOf, settlementOf } from '@assay/protocol'
import { dollars } from '@assay/testing'
import { type Hex, parseEventLogs, type TransactionReceipt, zeroAddress } from 'viem'

import type { GasChain } from './chain.ts'
import { type Actor, type World, wordOf } from './world.ts'

/** Seconds over which the fee rises, so that part of what is escrowed returns. */
const RAMP = 3600

/** Seconds of mean wait for the first slot. */
const TAU = 2

/** Makes jobs of the demo model and takes them through their life. */
export function createJobs(chain: GasChain, world: World) {
  const { market, operator, payer, verifier, version } = world
  let count = 0

  const idOf = (job: Job) => jobIdOf({ chainId: world.chainId, market: market.address, job })

  return {
    idOf,

    /** Returns a job that was not requested yet. */
    async draft(overrides: Partial<Job> = {}): Promise<Job> {
      count += 1
      return {
        payer: payer.account,
        model: version,
        inputHash: wordOf('input'),
        verifier: verifier.address,
        feeMin: dollars(1),
        feeMax: dollars(2),
        ramp: RAMP,
        tau: TAU,
        deadline: chain.now() + BigInt(await market.read.MAX_ANSWER_WINDOW()) - 60n,
        challengeWindow: await market.read.MIN_CHALLENGE_WINDOW(),
        parametersId: await market.read.currentParametersId(),
        callbackGas: 0,
        callback: zeroAddress,
        salt: wordOf(`job ${count}`),
        ...overrides,
      }
    },

    request: (job: Job, input: Hex = '0x', sender: Actor = { account: job.payer }) =>
      market.write.request([job, input], sender),

    /** Lets time pass until the operator may answer. */
    async waitForSlot(job: Job) {
      await chain.mine(2)
      chain.warpTo(await market.read.slotOf([job, operator.account]))
    },

    answer: (job: Job, output: Hex, evidenceHash: Hex) =>
      market.write.answer([job, operator.account, output, evidenceHash], operator),

    /** Returns what an answer fixed, from the receipt of its transaction. */
    answered(job: Job, receipt: TransactionReceipt) {
      const [log] = parseEventLogs({
        abi: market.abi,
        eventName: 'JobAnswered',
        logs: receipt.logs,
      })
      if (log === undefined) throw new Error(`${receipt.transactionHash} answers no job`)
      const settlement = settlementOf({ job, answered: log.args })
      const claim = claimOf({ job, answered: log.args })
      return { id: idOf(job), settlement, claim, context: encodeContext({ settlement, claim }) }
    },
  }
}

export type Jobs = ReturnType<typeof createJobs>

export type Answered = ReturnType<Jobs['answered']>
