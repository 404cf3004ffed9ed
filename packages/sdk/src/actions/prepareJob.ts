import { type Deployment, type Job, jobMarketAbi, modelRegistryAbi } from '@assay/protocol'
import {
  type Account,
  type Address,
  bytesToHex,
  getAddress,
  type Hash,
  type Hex,
  zeroAddress,
  zeroHash,
} from 'viem'
import { getBlock, readContract } from 'viem/actions'

import type { AssayClient, ReadParameters } from '../client.ts'
import { VerifierNotAcceptedError } from '../errors/errors.ts'
import { accountOf } from '../internal/accountOf.ts'

export type JobTerms = {
  /** Model version to run. */
  model: Hash
  /** Commitment to the input; for exact models the root of tensor 0. */
  inputHash: Hash
  /** The most that the job may cost, which is escrowed. */
  feeMax: bigint
  /** Fee at the moment of the request; `feeMax` by default. */
  feeMin?: bigint | undefined
  /** Seconds over which the fee rises; ten times `tau` by default. */
  ramp?: number | undefined
  /** Mean seconds until the first operator's slot; 2 by default. */
  tau?: number | undefined
  /** Unix time in seconds at which answers stop being accepted; `answerWindow` from now by default. */
  deadline?: bigint | undefined
  /** Seconds that operators have to answer; five minutes, or the market's most, by default. */
  answerWindow?: number | undefined
  /** Verifier that may refute the answer; the deployment's tensor verifier by default. */
  verifier?: Address | undefined
  /** Seconds an answer stays open to challenge; the market's least, or none without a verifier, by default. */
  challengeWindow?: number | undefined
  /** Contract called with the result. */
  callback?: Address | undefined
  /** Gas handed to the callback; 200,000 by default. */
  callbackGas?: number | undefined
  /** Makes otherwise equal jobs differ; random by default. */
  salt?: Hex | undefined
  /** Account whose escrow pays; the sender by default. */
  payer?: Address | undefined
}

export type PrepareJobParameters = ReadParameters &
  JobTerms & {
    account?: Account | Address | undefined
  }

export type PrepareJobReturnType = Job

/**
 * Completes a job from its terms. Keep what it returns: asking again for the same job can never cost twice.
 *
 * @example
 * const job = await prepareJob(client, { deployment, model, inputHash, feeMax: 2_000n })
 */
export async function prepareJob(
  client: AssayClient,
  parameters: PrepareJobParameters,
): Promise<PrepareJobReturnType> {
  const { deployment, model, inputHash, feeMax, feeMin = feeMax, tau = 2 } = parameters
  const { callback = zeroAddress, verifier = deployment.tensorVerifier } = parameters
  const [parametersId, challengeWindow, deadline] = await Promise.all([
    readMarket(client, deployment, 'currentParametersId'),
    parameters.challengeWindow ??
      (verifier === zeroAddress ? 0 : readMarket(client, deployment, 'MIN_CHALLENGE_WINDOW')),
    parameters.deadline ?? deadlineIn(client, deployment, parameters.answerWindow),
    checkVerifier(client, deployment, { model, verifier }),
  ])
  return {
    payer: getAddress(parameters.payer ?? accountOf(client, parameters.account).address),
    model,
    inputHash,
    verifier: getAddress(verifier),
    feeMin,
    feeMax,
    ramp: parameters.ramp ?? (feeMin === feeMax ? 0 : 10 * tau),
    tau,
    deadline,
    challengeWindow,
    parametersId,
    callbackGas: callback === zeroAddress ? 0 : (parameters.callbackGas ?? 200_000),
    callback: getAddress(callback),
    salt: parameters.salt ?? bytesToHex(crypto.getRandomValues(new Uint8Array(32))),
  }
}

async function readMarket(
  client: AssayClient,
  deployment: Deployment,
  functionName: 'currentParametersId' | 'MIN_CHALLENGE_WINDOW' | 'MAX_ANSWER_WINDOW',
) {
  return readContract(client, { abi: jobMarketAbi, address: deployment.market, functionName })
}

/** The market takes any verifier, but lets only one that the model version accepts refute an answer. */
async function checkVerifier(
  client: AssayClient,
  deployment: Deployment,
  { model, verifier }: { model: Hash; verifier: Address },
) {
  if (verifier === zeroAddress) return
  const root = await readContract(client, {
    abi: modelRegistryAbi,
    address: deployment.registry,
    functionName: 'rootOf',
    args: [model, verifier],
  })
  if (root === zeroHash) throw new VerifierNotAcceptedError({ model, verifier })
}

async function deadlineIn(client: AssayClient, deployment: Deployment, answerWindow?: number) {
  const [{ timestamp }, most] = await Promise.all([
    getBlock(client),
    readMarket(client, deployment, 'MAX_ANSWER_WINDOW'),
  ])
  return timestamp + BigInt(answerWindow ?? Math.min(300, most))
}
