import { headers as names } from '@assay/protocol/http'

import { RequestError } from '../errors.ts'
import type { Observe } from '../events.ts'
import type { Journal } from '../journal/openJournal.ts'
import type { Keys } from '../keys/createKeys.ts'
import type { Purse, Shortage } from '../purse/purse.ts'
import type { Clock } from '../support/clock.ts'
import { classifyFault, classifyRefusal } from '../upstream/classify.ts'
import type { Verifier } from '../upstream/createVerifier.ts'
import { readAll } from '../upstream/readAll.ts'
import type { Transport, TransportResponse } from '../upstream/transport.ts'
import type { Answer, Budgets, RoutedRequest } from './answer.ts'
import { pause } from './createRuns.ts'
import { AttemptError } from './failure.ts'
import { type Charge, openCharge } from './openCharge.ts'
import type { Rated } from './rank.ts'
import { readBodyAnswer } from './readBodyAnswer.ts'
import { readStreamAnswer } from './readStreamAnswer.ts'

export type CreateAskerDependencies = {
  transport: Transport
  purse: Purse | undefined
  keys: Pick<Keys, 'reserve'>
  journal: Pick<Journal, 'attempts'>
  verifier: Verifier
  budgets: Budgets
  clock: Clock
  observe: Observe
}

/** One attempt with one upstream, with what reading its answer needs. */
export type Attempt = {
  rated: Rated
  request: RoutedRequest
  charge: Charge
  response: TransportResponse
  /** Stops the upstream; the reason is what its reader throws. */
  abort: (reason: AttemptError) => void
  startedAt: number
}

/** Asks one upstream once; throws `AttemptError`, or `RequestError` if the client's budget is used up. */
export type Ask = (rated: Rated, request: RoutedRequest, signal: AbortSignal) => Promise<Answer>

const maxRefusalBytes = 256 * 1024

/** Creates what makes an attempt: pays, sends, and reads until the answer has begun. */
export function createAsker(dependencies: CreateAskerDependencies): Ask {
  const { clock, observe, journal } = dependencies

  async function ask(rated: Rated, request: RoutedRequest, signal: AbortSignal): Promise<Answer> {
    const { id, key } = request
    const { upstream, model } = rated
    const startedAt = clock.elapsed()
    const about = { request: id, upstream: upstream.id, model }
    observe({ kind: 'attempt_started', ...about })
    const end = (outcome: 'answered' | AttemptError) => {
      const elapsedMs = clock.elapsed() - startedAt
      const named = outcome === 'answered' ? outcome : outcome.kind
      journal.attempts.end(about, named, elapsedMs)
      const detail = outcome === 'answered' ? undefined : outcome.shortMessage
      observe({ kind: 'attempt_ended', ...about, outcome: named, elapsedMs, detail })
    }
    try {
      const written = journal.attempts.begin({ ...about, key }, request.isNamed)
      if (request.isNamed) await written
      observe({ kind: 'attempt_recorded', request: id, upstream: upstream.id })
      const answer = await rated.health.attempt(() => attempt(rated, request, signal, startedAt))
      rated.health.answered(answer.elapsedMs)
      observe({ kind: 'first_token', upstream: upstream.id, model, elapsedMs: answer.elapsedMs })
      end('answered')
      return answer
    } catch (error) {
      if (error instanceof AttemptError) end(error)
      throw error
    }
  }

  async function attempt(
    rated: Rated,
    request: RoutedRequest,
    signal: AbortSignal,
    startedAt: number,
  ): Promise<Answer> {
    const once = () => attemptOnce(dependencies, rated, request, signal, startedAt)
    const refused = await once()
    if (!(refused instanceof AttemptError)) return refused
    if (refused.kind === 'under_way') return again(refused, once, signal)
    const shortage = shortageOf(refused)
    if (shortage === undefined || dependencies.purse === undefined) throw refused
    // Both sides count alike unless an answer got lost on the way: its receipt is asked for, once.
    await dependencies.purse.resync(rated.upstream, shortage).catch((error: unknown) => {
      throw new AttemptError('unpayable', 'The operator finds the voucher short.', { cause: error })
    })
    const paid = await once()
    if (paid instanceof AttemptError) throw paid
    return paid
  }

  return ask
}

/**
 * Asks again for what the operator was answering when this gateway ended: it stops soon, or has an answer that is paid
 * already, and another operator would have to be paid besides.
 */
async function again(
  { retryAfterMs = 500 }: AttemptError,
  once: () => Promise<Answer | AttemptError>,
  signal: AbortSignal,
): Promise<Answer> {
  for (let tries = 1; ; tries++) {
    await pause(retryAfterMs, signal)
    const result = await once()
    if (!(result instanceof AttemptError)) return result
    if (result.kind !== 'under_way' || tries === 5) throw result
  }
}

/** Returns an error instead of throwing it where asking again is of use. */
async function attemptOnce(
  dependencies: CreateAskerDependencies,
  rated: Rated,
  request: RoutedRequest,
  signal: AbortSignal,
  startedAt: number,
): Promise<Answer | AttemptError> {
  const { clock, budgets } = dependencies
  const controller = new AbortController()
  const abort = (reason: unknown) => controller.abort(reason)
  const leave = () => abort(signal.reason)
  signal.throwIfAborted()
  signal.addEventListener('abort', leave, { once: true })
  const kind = request.isStream ? 'first_token_timeout' : 'idle_timeout'
  const limitMs = request.isStream ? budgets.firstTokenMs : budgets.bodyMs
  const late = () => abort(new AttemptError(kind, `There was no answer for ${limitMs} ms.`))
  const timer = setTimeout(late, Math.max(1, limitMs - (clock.elapsed() - startedAt)))
  let charge: Charge | undefined
  let response: TransportResponse | undefined
  try {
    charge = await openCharge(dependencies, rated, { request: request.id, key: request.key })
    controller.signal.throwIfAborted()
    response = await send(dependencies, rated, request, charge, controller.signal)
    const given = { rated, request, charge, response, abort, startedAt }
    const answer = request.isStream
      ? await readStreamAnswer(dependencies, given)
      : await readBodyAnswer(dependencies, given)
    return answer
  } catch (error) {
    charge?.release()
    response?.discard()
    const fault = error instanceof RequestError ? error : classifyFault(error)
    if (fault instanceof AttemptError && isWorthAsking(fault, rated, request)) return fault
    throw fault
  } finally {
    clearTimeout(timer)
    if (!request.isStream) signal.removeEventListener('abort', leave)
  }
}

function isWorthAsking(fault: AttemptError, { upstream }: Rated, { asked }: RoutedRequest) {
  if (fault.kind === 'under_way') return asked.includes(upstream.id)
  return shortageOf(fault) !== undefined
}

async function send(
  { transport }: CreateAskerDependencies,
  { upstream, offer }: Rated,
  { path, bytes, body: asked, id, secret, privacy }: RoutedRequest,
  charge: Charge,
  signal: AbortSignal,
): Promise<TransportResponse> {
  const ours = upstream.operator !== undefined && {
    [names.request]: id,
    [names.secret]: secret,
    ...(offer.version && { [names.model]: wireNameOf(offer.name, offer.version) }),
    ...(privacy && { [names.privacy]: privacy }),
    ...charge.headers,
  }
  // Operators go by the header, so that they get the client's own bytes; providers know the body alone.
  const isSame = upstream.operator !== undefined || asked.model === offer.name
  const body = isSame ? bytes : Buffer.from(JSON.stringify({ ...asked, model: offer.name }))
  const response = await transport({
    ...{ method: 'POST', url: `${upstream.baseUrl}${path}`, body, signal },
    headers: { 'content-type': 'application/json', ...upstream.headers, ...ours },
  })
  if (response.status === 200) return response
  const refusal = await readAll(response, maxRefusalBytes)
  const { status, headers } = response
  throw classifyRefusal({ status, headers, body: refusal })
}

/** The operator's own name for the model, of which several may have one version; its version where a header cannot hold that. */
function wireNameOf(name: string, version: string) {
  return /^[\x21-\x7e]+$/.test(name) ? name : version
}

/** What a refusal says of a voucher or a tab that is too small; undefined for any other refusal. */
function shortageOf({ kind, code, details }: AttemptError): Shortage | undefined {
  if (kind !== 'unpayable' || (code !== 'voucher_short' && code !== 'tab_short')) return undefined
  try {
    const amount = (name: string) => BigInt(String(details[name] ?? 0))
    const [cumulativeFee, reserved] = [amount('cumulativeFee'), amount('reserved')]
    return { cumulativeFee, reserved, quote: amount('quote') }
  } catch {
    return undefined
  }
}
