import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'

import { createTransport } from './transport.ts'

const closing: (() => Promise<unknown> | unknown)[] = []

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

async function ask(answer: (response: ServerResponse) => void) {
  const server = createServer((_, response) => answer(response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(
    () => server.closeAllConnections(),
    () => server.close(),
  )
  const { transport, close } = createTransport({ connectMs: 500, maxConnections: 4 })
  closing.push(close)
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/a?b`
  return transport({ method: 'GET', url, headers: {}, signal: new AbortController().signal })
}

test('default: chunks in order, and the end', async () => {
  const { status, read } = await ask((response) => {
    response.write('one')
    setTimeout(() => response.end('two'), 30)
  })
  expect(status).toBe(200)
  expect(Buffer.from((await read())!).toString()).toBe('one')
  expect(Buffer.from((await read())!).toString()).toBe('two')
  expect(await read()).toBeUndefined()
  expect(await read()).toBeUndefined()
})

test('error: a body that breaks off, after what came before', async () => {
  const { read } = await ask((response) => {
    response.write('one')
    setTimeout(() => response.destroy(), 30)
  })
  expect(Buffer.from((await read())!).toString()).toBe('one')
  await expect(read()).rejects.toThrow()
})

test('behavior: an upstream waits for who reads slowly, and nothing is lost', async () => {
  const total = 64 * 1024 * 1024
  let sent = 0
  const { read } = await ask((response) => {
    const write = () => {
      while (sent < total) {
        sent += 65_536
        if (!response.write(Buffer.alloc(65_536, 1))) return void response.once('drain', write)
      }
      response.end()
    }
    write()
  })
  await new Promise((resolve) => setTimeout(resolve, 200))
  expect(sent).toBeLessThan(total / 2)
  let received = 0
  for (let chunk = await read(); chunk !== undefined; chunk = await read()) received += chunk.length
  expect(received).toBe(total)
})
