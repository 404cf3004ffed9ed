import { createServer, type Server } from 'node:http'
import { serve as serveNode } from '@hono/node-server'
import type { Hono } from 'hono'

export type ServeParameters = {
  app: Hono
  hostname: string
  port: number
  limits?: Partial<HttpLimits>
}

/** How long and how large what a client sends may be before anything looks into it. */
export type HttpLimits = {
  /** Milliseconds until a request's headers are there. */
  headersTimeoutMs: number
  /** Milliseconds until its body is there. */
  requestTimeoutMs: number
  /** Milliseconds that an idle connection is kept: longer than proxies in front keep theirs. */
  keepAliveTimeoutMs: number
  /** Bytes of all headers of a request together. */
  maxHeaderBytes: number
  maxHeaders: number
  maxConnections: number
}

export const defaultHttpLimits: HttpLimits = {
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 60_000,
  keepAliveTimeoutMs: 75_000,
  maxHeaderBytes: 32_768,
  maxHeaders: 100,
  maxConnections: 5_000,
}

export type Served = {
  /** Base URL. */
  url: string
  close: () => Promise<void>
}

/** Serves an app until it is closed; rejects if the port is taken. */
export function serve({ app, hostname, port, limits = {} }: ServeParameters): Promise<Served> {
  const bounds = { ...defaultHttpLimits, ...limits }
  return new Promise((resolve, reject) => {
    const options = { fetch: app.fetch, hostname, port }
    const hardened = { createServer, serverOptions: serverOptionsOf(bounds) }
    const server = serveNode({ ...options, ...hardened }, (info) => {
      resolve({ url: `http://${hostname}:${info.port}`, close })
    }) as Server
    server.maxHeadersCount = bounds.maxHeaders
    server.maxConnections = bounds.maxConnections
    server.once('error', reject)
    const close = () =>
      new Promise<void>((done) => {
        server.close(() => done())
        server.closeAllConnections()
      })
  })
}

function serverOptionsOf(limits: HttpLimits) {
  const { headersTimeoutMs, requestTimeoutMs, keepAliveTimeoutMs, maxHeaderBytes } = limits
  return {
    headersTimeout: headersTimeoutMs,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: keepAliveTimeoutMs,
    maxHeaderSize: maxHeaderBytes,
    // Timeouts are looked after this often.
    connectionsCheckingInterval: Math.max(100, Math.min(1_000, headersTimeoutMs / 2)),
  }
}
