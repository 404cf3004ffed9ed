import { expect, test } from 'vitest'

import { systemClock } from '../support/clock.ts'
import { createLimiter } from './createLimiter.ts'
import { BusyError } from './errors.ts'

const signal = new AbortController().signal

test('default: lets in so many, then whoever waits longest, and nobody past them', async () => {
  const limiter = createLimiter({
    maxConcurrent: 1,
    maxQueued: 2,
    queueMs: 5_000,
    clock: systemClock,
  })
  const order: string[] = []
  const leave = await limiter.enter(signal)
  const enter = async (name: string) => {
    const next = await limiter.enter(signal)
    order.push(name)
    return next
  }
  const waiting = [enter('first'), enter('second')]
  await expect(limiter.enter(signal)).rejects.toThrow(BusyError)
  leave()
  leave()
  const late = enter('third')
  ;(await waiting[0]!)()
  ;(await waiting[1]!)()
  ;(await late)()
  expect(order).toEqual(['first', 'second', 'third'])
  expect(limiter.active()).toBe(0)
})

test('behavior: whoever waits too long or goes away leaves the queue', async () => {
  const limiter = createLimiter({ maxConcurrent: 1, maxQueued: 2, queueMs: 20, clock: systemClock })
  const leave = await limiter.enter(signal)
  await expect(limiter.enter(signal)).rejects.toThrow(BusyError)
  const controller = new AbortController()
  const waiting = limiter.enter(controller.signal)
  controller.abort()
  await expect(waiting).rejects.toThrow(DOMException)
  await expect(limiter.enter(controller.signal)).rejects.toThrow(DOMException)
  leave()
  expect(limiter.active()).toBe(0)
  ;(await limiter.enter(signal))()
})
