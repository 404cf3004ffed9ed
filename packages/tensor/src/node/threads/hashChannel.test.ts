import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'

import { createChannel } from './hashChannel.ts'

/** Notifies without a change, as who was overtaken between a change and its notification does; publishes only later. */
const late = `
  const { workerData } = require('node:worker_threads')
  const counters = new Int32Array(workerData, 0, 2)
  const pause = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
  for (let i = 0; i < 20; i++) {
    pause(10)
    Atomics.notify(counters, 0)
  }
  Atomics.add(counters, 0, 1)
  Atomics.notify(counters, 0)
`

test('behavior: a late notification is not taken for a change', async () => {
  const shared = new SharedArrayBuffer(createChannel.bytes(0))
  const worker = new Worker(late, { eval: true, workerData: shared })
  createChannel(shared).awaitPublished(0)
  expect(new Int32Array(shared)[0]).toBe(1)
  await worker.terminate()
})

test('behavior: waiting for a trace ends', () => {
  const channel = createChannel(new SharedArrayBuffer(createChannel.bytes(0)))
  expect(channel.awaitFinished(10)).toBe(false)
})
