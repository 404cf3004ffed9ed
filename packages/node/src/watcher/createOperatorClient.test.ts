import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { zeroHash } from 'viem'
import { expect, onTestFinished, test } from 'vitest'

import { createOperatorClient } from './createOperatorClient.ts'

const bytes = Uint8Array.of(1, 2, 3, 4)

/** Serves every request as `serve` does, and returns the base URL. */
async function host(serve: (response: ServerResponse, path: string) => void) {
  const server = createServer((request, response) => serve(response, request.url!))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function fetchFrom(endpoint: string, timeoutMs = 2_000) {
  const operators = createOperatorClient({ fetch, timeoutMs })
  const { signal } = new AbortController()
  return operators.trace({ endpoint, claimId: zeroHash, length: bytes.length, signal })
}

test('default: asks for the trace of the claim, below any path of the endpoint', async () => {
  const paths: string[] = []
  const url = await host((response, path) => {
    paths.push(path)
    response.end(bytes)
  })
  expect(await fetchFrom(url)).toEqual({ bytes })
  expect(await fetchFrom(`${url}/operators/7/`)).toEqual({ bytes })
  expect(paths).toEqual([`/traces/${zeroHash}`, `/operators/7/traces/${zeroHash}`])
})

test('behavior: no more is read than a trace has', async () => {
  let written = 0
  const url = await host((response) => {
    const pour = () => {
      while (!response.destroyed) {
        written += 65_536
        if (!response.write(Buffer.alloc(65_536))) return
      }
    }
    response.on('drain', pour)
    pour()
  })
  expect(await fetchFrom(url)).toEqual({ reason: 'it sent more than 4 bytes' })
  expect(written).toBeLessThan(50_000_000)
})

test('behavior: what is too short, missing, redirected or slow is no trace', async () => {
  const short = await host((response) => response.end(bytes.subarray(1)))
  expect(await fetchFrom(short)).toEqual({ reason: 'it sent 3 of 4 bytes' })
  const missing = await host((response) => response.writeHead(404).end(bytes))
  expect(await fetchFrom(missing)).toEqual({ reason: 'it answered 404' })
  const elsewhere = await host((response) => response.writeHead(302, { location: short }).end())
  expect(await fetchFrom(elsewhere)).toEqual({ reason: expect.any(String) })
  const slow = await host((response) => {
    response.write(bytes.subarray(1))
  })
  expect(await fetchFrom(slow, 100)).toEqual({ reason: expect.stringMatching(/timeout/) })
  expect(await fetchFrom('http://127.0.0.1:1')).toEqual({ reason: expect.any(String) })
})

test.each(['', 'nonsense', 'file:///etc/', 'ftp://127.0.0.1/'])(
  'behavior: "%s" is no endpoint',
  async (endpoint) => {
    expect(await fetchFrom(endpoint)).toEqual({ reason: 'it has no endpoint' })
  },
)
