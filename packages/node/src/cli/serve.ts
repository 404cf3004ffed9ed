import { serve as serveNode } from '@hono/node-server'
import type { Hono } from 'hono'

export type ServeParameters = { app: Hono; hostname: string; port: number }

export type Served = {
  /** Base URL. */
  url: string
  close: () => Promise<void>
}

/** Serves an app until it is closed; rejects if the port is taken. */
export function serve({ app, hostname, port }: ServeParameters): Promise<Served> {
  return new Promise((resolve, reject) => {
    const server = serveNode({ fetch: app.fetch, hostname, port }, (info) => {
      resolve({ url: `http://${hostname}:${info.port}`, close })
    })
    server.once('error', reject)
    const close = () =>
      new Promise<void>((done) => {
        server.close(() => done())
        if ('closeAllConnections' in server) server.closeAllConnections()
      })
  })
}
