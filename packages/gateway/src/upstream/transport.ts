import { Agent } from 'undici'

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
  /** Chunks as they come; leaving the loop early closes the connection. */
  body: AsyncIterable<Uint8Array>
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
    const discard = () => {
      response.body.on('error', () => {})
      response.body.destroy()
    }
    return { status: statusCode, headers: response.headers, body: response.body, discard }
  }
  return { transport, close: () => agent.destroy() }
}
