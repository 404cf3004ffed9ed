import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A JSON-RPC call on its way through the proxy. */
export type ProxiedCall = { method: string; params: readonly unknown[] }

/** What the proxy does to a call. */
export type ProxyFault =
  /** The caller waits for an answer that never comes; the node hears nothing. */
  | 'hang'
  /** The connection breaks; the node hears nothing. */
  | 'refuse'
  /** The node answers, but the connection breaks on the way back. */
  | 'loseAnswer'
  /** The caller gets this instead of the node's result. */
  | { result: unknown }
  /** The node is asked something else. */
  | { ask: ProxiedCall }

/** Chooses what happens to a call; nothing to let it pass. */
export type ProxyRule = (call: ProxiedCall) => ProxyFault | undefined

export type StartRpcProxyParameters = {
  /** URL of the node behind it. */
  target: string
  rule?: ProxyRule
}

export type RpcProxy = {
  url: string
  /** Changes what happens to calls from now on. */
  setRule: (rule: ProxyRule | undefined) => void
  /** Methods called so far, in order. */
  methods: readonly string[]
  stop: () => Promise<void>
}

/**
 * Starts a JSON-RPC server that passes calls on to a node, and fails the way nodes do.
 *
 * @example
 * const proxy = await startRpcProxy({ target: url })
 * proxy.setRule(({ method }) => (method === 'eth_sendRawTransaction' ? 'loseAnswer' : undefined))
 */
export async function startRpcProxy(parameters: StartRpcProxyParameters): Promise<RpcProxy> {
  const { target } = parameters
  const methods: string[] = []
  let rule = parameters.rule
  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy())
  })

  async function handle(request: IncomingMessage, response: ServerResponse) {
    const call = (await readJson(request)) as ProxiedCall & { id: unknown }
    methods.push(call.method)
    const fault = rule?.({ method: call.method, params: call.params ?? [] })
    if (fault === 'hang') return
    if (fault === 'refuse') return void response.destroy()
    const answer =
      typeof fault === 'object' && 'result' in fault
        ? { jsonrpc: '2.0', id: call.id, result: fault.result }
        : await forward(target, { ...call, ...(typeof fault === 'object' ? fault.ask : {}) })
    if (fault === 'loseAnswer') return void response.destroy()
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(answer))
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    methods,
    setRule(next) {
      rule = next
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function forward(target: string, call: unknown): Promise<unknown> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(target, { method: 'POST', headers, body: JSON.stringify(call) })
  return response.json()
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return JSON.parse(Buffer.concat(chunks).toString('utf8'))
}
