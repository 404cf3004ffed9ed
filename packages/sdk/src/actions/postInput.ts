import type { Address, Hash } from 'viem'

import type { AssayClient, ReadParameters } from '../client.ts'
import { InputNotTakenError } from '../errors/errors.ts'
import { pause } from '../internal/pause.ts'
import { listOperators } from './listOperators.ts'

export type PostInputParameters = ReadParameters & {
  model: Hash
  /** What the job commits to the input by. */
  inputHash: Hash
  input: Uint8Array
  /** Milliseconds in which an operator must have seen the job and taken the input; 15,000 by default. */
  timeoutMs?: number | undefined
  fetch?: typeof globalThis.fetch | undefined
  signal?: AbortSignal | undefined
}

export type PostedInput = {
  operator: Address
  /** Why the operator did not take it; undefined if it did. */
  failure: string | undefined
}

/** Milliseconds until an operator that has not seen the job is asked again. */
const retryMs = 500

/**
 * Posts the input of a requested job to every operator of its version, for inputs that are too large for the chain.
 * Whoever keeps it shows it to anybody. Throws `InputNotTakenError` where nobody took it.
 *
 * @example
 * await requestJob(client, { deployment, model, inputHash, feeMax })
 * await postInput(client, { deployment, model, inputHash, input })
 */
export async function postInput(
  client: AssayClient,
  parameters: PostInputParameters,
): Promise<PostedInput[]> {
  const operators = await listOperators(client, parameters)
  const posted = await Promise.all(
    operators.map(async ({ operator, endpoint }) => ({
      operator,
      failure: await failureOf(endpoint, parameters),
    })),
  )
  if (!posted.some(({ failure }) => failure === undefined)) {
    throw new InputNotTakenError({ model: parameters.model, posted })
  }
  return posted
}

async function failureOf(endpoint: string, parameters: PostInputParameters) {
  const { input, inputHash, timeoutMs = 15_000, fetch = globalThis.fetch } = parameters
  const base = endpoint.endsWith('/') ? endpoint : `${endpoint}/`
  if (!URL.canParse(base)) return 'it has no endpoint'
  const given = parameters.signal === undefined ? [] : [parameters.signal]
  const signal = AbortSignal.any([...given, AbortSignal.timeout(timeoutMs)])
  const url = new URL(`inputs/${inputHash}`, base)
  const body = Uint8Array.from(input)
  let failure = 'it did not answer'
  while (!signal.aborted) {
    const outcome = await put(url, { body, fetch, signal })
    if (outcome === undefined || !outcome.mayChange) return outcome?.failure
    failure = outcome.failure
    // What ends the pause ends the loop too.
    await pause(retryMs, signal).catch(() => undefined)
  }
  parameters.signal?.throwIfAborted()
  return failure
}

type Put = { body: Uint8Array<ArrayBuffer>; fetch: typeof globalThis.fetch; signal: AbortSignal }

/** Puts the input once; returns nothing if it was taken. */
async function put(url: URL, { body, fetch, signal }: Put) {
  try {
    const response = await fetch(url, { method: 'PUT', body, redirect: 'error', signal })
    await response.body?.cancel()
    if (response.ok) return undefined
    // An operator that has not seen the job yet does not know what the input is for.
    const mayChange = response.status === 404 || response.status >= 500
    return { failure: `it answered ${response.status}`, mayChange }
  } catch (error) {
    return { failure: error instanceof Error ? error.message : 'it failed', mayChange: true }
  }
}
