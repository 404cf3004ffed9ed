import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'

type Request = { id: number; method: string; params?: unknown[] }

type Provider = { request: (request: { method: string; params: unknown[] }) => Promise<unknown> }

/** Offers an in-process chain over HTTP, so that other processes follow the chain that a test drives directly. */
export async function serveProvider(provider: Provider) {
  const answer = async ({ id, method, params = [] }: Request) => {
    try {
      return { jsonrpc: '2.0', id, result: (await provider.request({ method, params })) ?? null }
    } catch (error) {
      return { jsonrpc: '2.0', id, error: { code: -32000, message: String(error) } }
    }
  }
  const server = createServer(async (request, response) => {
    const reply = await answer((await json(request)) as Request)
    response.setHeader('content-type', 'application/json').end(JSON.stringify(reply))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
