import { createPublicClient, custom, RpcRequestError } from 'viem'
import { expect, test } from 'vitest'

import { createFailover } from './createFailover.ts'

function setUp() {
  let now = 0
  const asked: string[] = []
  const failures = new Map<string, Error>()
  const node = (name: string) =>
    custom(
      {
        async request() {
          asked.push(name)
          const failure = failures.get(name)
          if (failure !== undefined) throw failure
          return name === 'a' ? '0xa' : '0xb'
        },
      },
      { retryCount: 0 },
    )
  const clock = { elapsed: () => now }
  const transport = createFailover({ transports: [node('a'), node('b')], cooldownMs: 100, clock })
  const client = createPublicClient({ transport, cacheTime: 0 })
  const wait = (ms: number) => {
    now += ms
  }
  return { asked, failures, wait, read: () => client.getBlockNumber() }
}

test('default: the first node is asked', async () => {
  const { asked, read } = setUp()
  expect(await read()).toBe(10n)
  expect(asked).toEqual(['a'])
})

test('behavior: a node that failed is asked last until it has cooled down', async () => {
  const { asked, failures, read, wait } = setUp()
  failures.set('a', new Error('connection refused'))
  expect(await read()).toBe(11n)
  failures.delete('a')
  wait(99)
  expect(await read()).toBe(11n)
  wait(1)
  expect(await read()).toBe(10n)
  expect(asked).toEqual(['a', 'b', 'b', 'a'])
})

test('behavior: a sick node is still asked when the others fail too', async () => {
  const { failures, read } = setUp()
  failures.set('a', new Error('connection refused'))
  await read()
  failures.clear()
  failures.set('b', new Error('connection refused'))
  expect(await read()).toBe(10n)
})

test('error: what a node refuses, no other is asked', async () => {
  const { asked, failures, read } = setUp()
  const error = { code: 3, message: 'execution reverted' }
  failures.set('a', new RpcRequestError({ body: {}, error, url: 'a' }))
  await expect(read()).rejects.toThrow(/execution reverted/)
  expect(asked).toEqual(['a'])
})

test('error: all nodes fail', async () => {
  const { asked, failures, read } = setUp()
  for (const name of ['a', 'b']) failures.set(name, new Error(`${name} is down`))
  await expect(read()).rejects.toThrow(/b is down/)
  expect(asked).toEqual(['a', 'b'])
})
