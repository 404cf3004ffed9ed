import { serve as serveNode } from '@hono/node-server'
import type { Hono } from 'hono'

import { type AssembleParameters, assemble } from './assemble.ts'

export type RunGatewayParameters = AssembleParameters & {
  /** Ends the run; answers under way have `drainMs` to end. */
  signal: AbortSignal
  /** Told where the gateway listens, once it does. */
  listening?: ((url: string) => void) | undefined
  drainMs?: number | undefined
}

/** Runs a gateway until `signal` aborts. Throws `GatewayConfigError` or `GatewayJournalError`. */
export async function runGateway(parameters: RunGatewayParameters): Promise<void> {
  const { config, signal, listening, drainMs = 8_000 } = parameters
  const { app, catalog, journal, close } = assemble(parameters)
  const retainMs = config.retainHours * 3_600_000
  try {
    journal.prune(retainMs)
    await catalog.refresh()
    const served = await listen(app, config.http)
    const refresh = setInterval(() => void catalog.refresh(), config.refreshMs)
    const prune = setInterval(() => journal.prune(retainMs), 3_600_000)
    listening?.(served.url)
    if (!signal.aborted) {
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
    }
    clearInterval(refresh)
    clearInterval(prune)
    await served.close(drainMs)
  } finally {
    await close()
    journal.close()
  }
}

type ListenParameters = { hostname: string; port: number; requestMs: number }

/** Serves an app; rejects if the port is taken. Who sends too slowly, or too many headers, is cut off. */
export function listen(
  app: Hono,
  { hostname, port, requestMs }: ListenParameters,
): Promise<{ url: string; close: (drainMs: number) => Promise<void> }> {
  return new Promise((resolve, reject) => {
    const serverOptions = {
      ...{ requestTimeout: requestMs, headersTimeout: Math.min(requestMs, 20_000) },
      ...{ connectionsCheckingInterval: Math.min(requestMs, 5_000), maxHeaderSize: 32 * 1024 },
      ...{ keepAliveTimeout: 65_000, noDelay: true },
    }
    const server = serveNode({ fetch: app.fetch, hostname, port, serverOptions }, (info) => {
      resolve({ url: `http://${hostname}:${info.port}`, close })
    })
    server.once('error', reject)
    const close = (drainMs: number) =>
      new Promise<void>((done) => {
        const end = () => 'closeAllConnections' in server && server.closeAllConnections()
        const timer = setTimeout(end, drainMs)
        server.close(() => {
          clearTimeout(timer)
          done()
        })
        if ('closeIdleConnections' in server) server.closeIdleConnections()
      })
  })
}
