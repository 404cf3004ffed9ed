/**
 * A provider that costs as little as it can: `upstreamProcess.ts TOKENS INTERVAL_MS`. Every event says when it was sent, so
 * that who reads it knows how long it was on its way. Prints its port.
 */
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

const [tokens, intervalMs] = process.argv.slice(2).map(Number) as [number, number]
const base = { id: 'chatcmpl-bench', object: 'chat.completion.chunk', created: 0, model: 'bench-1' }

function frame() {
  const sentAt = performance.timeOrigin + performance.now()
  const choices = [{ index: 0, delta: { content: ` ${sentAt}` }, finish_reason: null }]
  return `data: ${JSON.stringify({ ...base, choices })}\n\n`
}

function stream(response: ServerResponse) {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  let left = tokens
  const next = () => {
    if (response.destroyed) return
    left -= 1
    if (left >= 0) {
      response.write(frame())
      setTimeout(next, intervalMs)
      return
    }
    const choices = [{ index: 0, delta: {}, finish_reason: 'stop' }]
    response.end(`data: ${JSON.stringify({ ...base, choices })}\n\ndata: [DONE]\n\n`)
  }
  next()
}

const server = createServer((request, response) => {
  request.resume()
  request.once('end', () => stream(response))
})
server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port))
