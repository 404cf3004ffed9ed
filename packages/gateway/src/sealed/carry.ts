import { forms } from '@assay/protocol/ohttp'
import type { Address } from 'viem'

import { RequestError } from '../errors.ts'
import type { GatewayEvent, Observe } from '../events.ts'
import type { Budgets } from '../router/answer.ts'
import { AttemptError } from '../router/failure.ts'
import type { Clock } from '../support/clock.ts'
import { classifyFault } from '../upstream/classify.ts'
import { readAll } from '../upstream/readAll.ts'
import type { Transport, TransportResponse } from '../upstream/transport.ts'

/** A sealed request on its way. */
export type CarriedRequest = {
  operator: Address
  /** Where the operator takes sealed requests. */
  url: string
  form: (typeof forms)[keyof typeof forms]
  body: Uint8Array
  /** Aborts when the client is gone. */
  signal: AbortSignal
}

export type CarryDependencies = {
  transport: Transport
  budgets: Pick<Budgets, 'firstTokenMs' | 'betweenTokensMs' | 'bodyMs'>
  clock: Pick<Clock, 'elapsed'>
  observe: Observe
}

const maxRefusalBytes = 64 * 1024

/**
 * Passes a sealed request on, and its answer back as it comes. Nothing goes along that says who asks. Throws `RequestError`
 * where no answer begins, and `AttemptError` if the client is gone.
 */
export async function carry(
  request: CarriedRequest,
  dependencies: CarryDependencies,
): Promise<Response> {
  const { operator, form, signal } = request
  const { budgets, clock, observe } = dependencies
  const startedAt = clock.elapsed()
  const watch = createWatch(signal)
  const end: End = (outcome) => {
    watch.stop()
    observe({ kind: 'relayed', operator, outcome, elapsedMs: clock.elapsed() - startedAt })
  }
  try {
    // A whole answer begins once it is there, a stream with its first token.
    watch.allow(form === forms.whole ? budgets.bodyMs : budgets.firstTokenMs)
    const response = await send(request, dependencies, watch.signal)
    if (response.status !== 200) {
      const refused = await refusal(response)
      end('refused')
      return refused
    }
    requireSealed(response, form)
    const body = streamOf({ response, watch, betweenMs: budgets.betweenTokensMs, end })
    const headers = {
      ...{ 'content-type': form.responseType, 'cache-control': 'no-store' },
      'x-accel-buffering': 'no',
    }
    return new Response(body, { headers })
  } catch (error) {
    const fault = classifyFault(error)
    watch.abort(fault)
    end(fault.kind)
    throw fault.kind === 'cancelled' ? fault : requestErrorOf(fault)
  }
}

function send(
  { url, form, body }: CarriedRequest,
  { transport }: CarryDependencies,
  signal: AbortSignal,
): Promise<TransportResponse> {
  const headers = { 'content-type': form.requestType, accept: form.responseType }
  return transport({ method: 'POST', url, headers, body, signal })
}

type End = (outcome: Extract<GatewayEvent, { kind: 'relayed' }>['outcome']) => void

type Watch = ReturnType<typeof createWatch>

/** Creates what ends an exchange: when the client is gone, or the operator silent for too long. */
function createWatch(client: AbortSignal) {
  const controller = new AbortController()
  const leave = () => controller.abort(new AttemptError('cancelled', 'The client went away.'))
  let timer: NodeJS.Timeout | undefined
  if (client.aborted) leave()
  client.addEventListener('abort', leave, { once: true })
  return {
    signal: controller.signal,
    abort: (reason: AttemptError) => controller.abort(reason),
    /** Lets the operator be silent for `ms` from now on. */
    allow(ms: number) {
      clearTimeout(timer)
      const late = new AttemptError('idle_timeout', `The operator was silent for ${ms} ms.`)
      timer = setTimeout(() => controller.abort(late), ms)
    },
    pause: () => clearTimeout(timer),
    stop() {
      clearTimeout(timer)
      client.removeEventListener('abort', leave)
    },
  }
}

type StreamOfParameters = {
  response: TransportResponse
  watch: Watch
  betweenMs: number
  end: End
}

/** An answer that breaks off just ends: the client sees by the seal that it is not whole. */
function streamOf({ response, watch, betweenMs, end }: StreamOfParameters) {
  let isOver = false
  const finish: End = (outcome) => {
    if (!isOver) end(outcome)
    isOver = true
  }
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        watch.allow(betweenMs)
        try {
          const chunk = await response.read()
          // A client that reads slowly is no silence of the operator's.
          watch.pause()
          if (chunk !== undefined) return controller.enqueue(chunk)
          finish('answered')
          controller.close()
        } catch (error) {
          const fault = classifyFault(error)
          finish(fault.kind === 'refused' ? 'cut' : fault.kind)
          response.discard()
          controller.close()
        }
      },
      cancel() {
        finish('cancelled')
        response.discard()
      },
    },
    { highWaterMark: 0 },
  )
}

/** What an operator says in the open about a sealed request is an error in OpenAI's form, or not passed on. */
async function refusal(response: TransportResponse): Promise<Response> {
  const { status } = response
  const bytes = await readAll(response, maxRefusalBytes)
  const error = errorIn(bytes)
  if (error === undefined || status < 400) {
    throw new AttemptError('malformed', `The operator answered ${status} without saying why.`)
  }
  const wait = response.headers['retry-after']
  const headers = typeof wait === 'string' ? { 'retry-after': wait } : {}
  return Response.json({ error }, { status, headers })
}

function errorIn(bytes: Uint8Array): object | undefined {
  try {
    const { error } = JSON.parse(new TextDecoder().decode(bytes)) as { error?: unknown }
    return typeof error === 'object' && error !== null ? error : undefined
  } catch {
    return undefined
  }
}

/** Anything but a sealed answer would let an operator speak in the gateway's name. */
function requireSealed({ headers, discard }: TransportResponse, form: CarriedRequest['form']) {
  const type = headers['content-type']
  if (typeof type === 'string' && type.split(';')[0] === form.responseType) return
  discard()
  throw new AttemptError('malformed', `The operator answered with ${type}.`)
}

function requestErrorOf(fault: AttemptError): RequestError {
  if (fault.kind.endsWith('_timeout')) {
    return new RequestError(504, 'upstream_timeout', fault.shortMessage, { cause: fault })
  }
  const code = fault.kind === 'malformed' ? 'upstream_malformed' : 'upstream_unreachable'
  return new RequestError(502, code, fault.shortMessage, { cause: fault })
}
