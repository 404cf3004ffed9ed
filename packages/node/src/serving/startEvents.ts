import type { Watchdog } from './createWatchdog.ts'
import { UpstreamError } from './errors.ts'

export type StartEventsParameters = {
  events: AsyncGenerator<string>
  watchdog: Watchdog
  /** Milliseconds that the next event may take once somebody waits for it. */
  betweenTokensMs: number
  /** Puts what was thrown into the terms of this package. */
  toError: (error: unknown) => unknown
}

/** Waits for the first event, so that what fails before it fails the request, and returns all of them. */
export async function startEvents(
  parameters: StartEventsParameters,
): Promise<AsyncIterable<string>> {
  const { events, watchdog } = parameters
  const first = await events.next()
  if (first.done) {
    throw new UpstreamError({ failure: 'truncated', message: 'The model answered with nothing.' })
  }
  pause(watchdog)
  return rest(first.value, parameters)
}

async function* rest(first: string, parameters: StartEventsParameters) {
  const { events, watchdog, betweenTokensMs, toError } = parameters
  try {
    for (let value: string | undefined = first; value !== undefined; ) {
      yield value
      watchdog.allow(betweenTokensMs, 'its next token')
      const next = await events.next()
      pause(watchdog)
      value = next.done ? undefined : next.value
    }
  } catch (error) {
    throw brokenOff(toError(error))
  } finally {
    watchdog.abort()
    await events.return(undefined)
  }
}

/** The time that a reader takes is not the model's. */
function pause(watchdog: Watchdog) {
  watchdog.allow(Number.POSITIVE_INFINITY, 'its answer')
}

/** A connection that fails in the middle is an answer that ends early. */
function brokenOff(error: unknown) {
  if (!(error instanceof UpstreamError) || error.failure !== 'unreachable') return error
  const message = 'The answer of the model broke off.'
  return new UpstreamError({ failure: 'truncated', message, cause: error })
}
