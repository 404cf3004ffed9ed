import type { Readable } from 'node:stream'
import { Agent } from 'undici'

import { AttemptError } from '../router/failure.ts'

export type TransportRequest = {
  method: 'GET' | 'POST'
  url: string
  headers: Record<string, string>
  body?: Uint8Array
  signal: AbortSignal
}

export type TransportResponse = {
  status: number
  headers: Record<string, string | string[] | undefined>
  /** Returns the next chunk once it is there, undefined at the end; rejects where the body breaks off. */
  read: () => Promise<Uint8Array | undefined>
  /** Closes the connection, if the body is not over. */
  discard: () => void
}

/** How upstreams are asked. Rejects with what the signal carries, or with an error with a `code` as Node's have. */
export type Transport = (request: TransportRequest) => Promise<TransportResponse>

export type CreateTransportParameters = {
  /** Milliseconds in which a connection has to be there. */
  connectMs: number
  /** Connections to one upstream at a time. */
  maxConnections: number
}

/**
 * Creates a transport over connections that are kept. Budgets of time are the caller's: the one retry loop decides what is
 * too late, not the client below it.
 */
export function createTransport({ connectMs, maxConnections }: CreateTransportParameters): {
  transport: Transport
  close: () => Promise<void>
} {
  const agent = new Agent({
    connections: maxConnections,
    connect: { timeout: connectMs },
    ...{ headersTimeout: 0, bodyTimeout: 0, keepAliveTimeout: 30_000, pipelining: 1 },
  })
  const transport: Transport = async ({ method, url, headers, body, signal }) => {
    const { origin, pathname, search } = new URL(url)
    const { statusCode, ...response } = await agent.request({
      ...{ origin, path: pathname + search, method, headers, signal },
      ...(body !== undefined && { body }),
    })
    return { status: statusCode, headers: response.headers, ...createReader(response.body) }
  }
  return { transport, close: () => agent.destroy() }
}

/** Bytes that may wait for a client that reads slowly, before its upstream has to wait, too. */
const maxWaiting = 64 * 1024

/** Reads a stream with less ado than its iterator has: this runs for every token. What came meanwhile is one chunk. */
function createReader(body: Readable): Pick<TransportResponse, 'read' | 'discard'> {
  let chunks: Uint8Array[] = []
  let size = 0
  let end: { error: Error | undefined } | undefined
  let waiting: PromiseWithResolvers<Uint8Array | undefined> | undefined

  function take(): Uint8Array {
    const all = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)
    if (size > maxWaiting) body.resume()
    chunks = []
    size = 0
    return all
  }
  function settle() {
    if (waiting === undefined || (chunks.length === 0 && end === undefined)) return
    const { resolve, reject } = waiting
    waiting = undefined
    if (chunks.length > 0) resolve(take())
    else if (end?.error === undefined) resolve(undefined)
    else reject(end.error)
  }
  function close(error: Error | undefined) {
    end ??= { error }
    settle()
  }
  body.on('data', (chunk: Uint8Array) => {
    chunks.push(chunk)
    size += chunk.length
    if (size > maxWaiting) body.pause()
    settle()
  })
  body.on('end', () => close(undefined))
  body.on('error', close)
  body.on('close', () => close(new AttemptError('cut', 'The upstream broke off.')))
  return {
    read() {
      waiting = Promise.withResolvers()
      const { promise } = waiting
      settle()
      return promise
    },
    discard: () => void body.destroy(),
  }
}
