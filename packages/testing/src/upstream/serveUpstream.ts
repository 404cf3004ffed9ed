import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

import { anthropicWire } from './anthropic.ts'
import { googleWire } from './google.ts'
import { openAiWire } from './openai.ts'
import { breakOff, sendAnswer } from './sendAnswer.ts'
import type { FaultRule, SeenRequest, UpstreamFault, Wire } from './upstream.ts'

export type ServeUpstreamParameters = {
  /** Names of the models that are there. */
  models?: readonly string[]
  /** Key without which everything is answered by 401. */
  key?: string
  rule?: FaultRule
}

/** A provider of models on this machine. */
export type Upstream = {
  /** Without a path. */
  url: string
  /** Where OpenAI's API begins. */
  baseUrl: string
  /** Requests so far, in order. */
  requests: readonly SeenRequest[]
  /** Changes what happens to requests from now on. */
  setRule: (rule: FaultRule | undefined) => void
  /** Does this to the next requests, one each, before any rule is asked. */
  failNext: (...faults: UpstreamFault[]) => void
  /** Whether connections are accepted; those that exist are broken when it stops. */
  setListening: (isListening: boolean) => Promise<void>
  close: () => Promise<void>
}

/** The last one takes what is nobody else's. */
const wires: readonly Wire[] = [anthropicWire, googleWire, openAiWire]

/**
 * Serves a model that says what it is told, over real sockets and in its provider's own wire:
 * OpenAI's, Anthropic's and Google's, by path. Fails as providers do where a test wants it to.
 *
 * @example
 * const upstream = await serveUpstream()
 * upstream.failNext({ kind: 'status', status: 429, retryAfter: '2' }, { kind: 'cut', after: 3 })
 */
export async function serveUpstream(parameters: ServeUpstreamParameters = {}): Promise<Upstream> {
  const { models = ['echo-1'], key } = parameters
  let rule = parameters.rule
  const next: UpstreamFault[] = []
  const requests: SeenRequest[] = []
  const server = createServer((incoming, response) => {
    handle(incoming, response).catch(() => breakOff(response))
  })

  async function handle(incoming: IncomingMessage, response: ServerResponse) {
    const request = await seen(incoming)
    requests.push(request)
    response.once('close', () => {
      request.isAborted = !response.writableFinished && !response.errored
    })
    const fault = next.shift() ?? rule?.(request)
    response.setHeader('x-request-id', `req_${requests.length}`)
    if (fault?.kind === 'reset') return void breakOff(response)
    if (fault?.kind === 'hang') return
    await sendAnswer(response, answerOf(request, fault), fault)
  }

  function answerOf(request: SeenRequest, fault: UpstreamFault | undefined) {
    const { keyOf } = wireOf(request)
    if (key !== undefined && keyOf(request) !== key) {
      return failure(request, { status: 401, message: 'Incorrect API key provided.' })
    }
    if (fault?.kind === 'status') {
      const { status, retryAfter, message = `Failed with ${status}.`, type, code } = fault
      const error = { status, message, ...(type && { type }), ...(code && { code }) }
      return failure(request, error, retryAfter)
    }
    const answer = wireOf(request).answer(request, {
      models,
      servedModel: fault?.kind === 'model' ? fault.name : undefined,
      usage: fault?.kind === 'usage' ? { value: fault.usage } : undefined,
    })
    return answer ?? failure(request, { status: 404, message: `Invalid URL (${request.path})` })
  }

  let port = 0
  const listen = () =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, '127.0.0.1', () => {
        server.off('error', reject)
        port = (server.address() as AddressInfo).port
        resolve()
      })
    })
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  await listen()
  const url = `http://127.0.0.1:${port}`
  return {
    ...{ url, baseUrl: `${url}/v1`, requests },
    setRule(given) {
      rule = given
    },
    failNext: (...faults) => void next.push(...faults),
    async setListening(isListening) {
      if (isListening !== server.listening) await (isListening ? listen() : stop())
    },
    async close() {
      if (server.listening) await stop()
    },
  }
}

function wireOf(request: SeenRequest): Wire {
  return wires.find((wire) => wire.error(request, { status: 404, message: '' })) ?? openAiWire
}

function failure(request: SeenRequest, error: Parameters<Wire['error']>[1], retryAfter?: string) {
  const headers = retryAfter === undefined ? {} : { 'retry-after': retryAfter }
  const body = wireOf(request).error(request, error)
  return { kind: 'body', status: error.status, headers, body } as const
}

async function seen(incoming: IncomingMessage): Promise<SeenRequest> {
  const { method = '', url: path = '', headers } = incoming
  const bytes = new Uint8Array(await buffer(incoming))
  return { method, path, headers, bytes, body: parse(bytes), isAborted: false }
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    return undefined
  }
}
