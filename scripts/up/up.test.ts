import { EventEmitter } from 'node:events'
import { createServer } from 'node:net'
import { stripVTControlCharacters } from 'node:util'
import { expect, test, vi } from 'vitest'

import { type Balances, balanceRows } from './balances.ts'
import { createDisplay } from './display.ts'
import { argMax } from './jobs.ts'
import { choosePort } from './ports.ts'
import { startDaemon } from './processes.ts'
import { createShutdown } from './shutdown.ts'

async function listen() {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return { port, close: () => new Promise((resolve) => server.close(resolve)) }
}

test('choosePort: a busy port is named and another taken', async () => {
  const { port, close } = await listen()
  const choice = await choosePort(port)
  expect(choice.busy).toBe(port)
  expect(choice.port).not.toBe(port)
  await close()
  expect(await choosePort(port)).toEqual({ port })
})

test('createShutdown: ends in reverse, whatever fails, and counts one signal only', async () => {
  const source = new EventEmitter()
  const shutdown = createShutdown(source as unknown as NodeJS.Process)
  const ended: string[] = []
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  for (const name of ['first', 'second', 'third']) {
    shutdown.add(name, async () => {
      ended.push(name)
      if (name === 'second') throw new RangeError('stuck')
    })
  }
  source.emit('SIGINT')
  source.emit('SIGINT')
  await shutdown.requested
  await shutdown.run()
  await shutdown.run()
  expect(ended).toEqual(['third', 'second', 'first'])
  expect(write).toHaveBeenCalledOnce()
  write.mockRestore()
})

test('startDaemon: tells of a death it did not ask for, and ends what runs', async () => {
  const died = new Promise<number | null>((resolve) => {
    startDaemon({
      ...{ name: 'short', arguments: ['-e', 'process.exit(7)'], log: '/dev/null' },
      onDeath: resolve,
    })
  })
  expect(await died).toBe(7)
  const onDeath = vi.fn()
  const daemon = startDaemon({
    ...{ name: 'long', arguments: ['-e', 'setInterval(() => {}, 1e6)'], log: '/dev/null' },
    onDeath,
  })
  await daemon.kill()
  expect(daemon.hasEnded()).toBe(true)
  expect(onDeath).not.toHaveBeenCalled()
})

test('createDisplay: chapters, times and columns', () => {
  let time = 1_000
  const lines: string[] = []
  const write = (text: string) => void lines.push(stripVTControlCharacters(text))
  const display = createDisplay({ write, now: () => time })
  display.chapter('One')
  time += 2_500
  display.event('something')
  display.table(['a', 'bc'], [['long', '1']])
  display.pictures([['##', '#'], ['%%']], ['x', 'y'])
  expect(lines.join('')).toBe(
    '\n1. One\n   2.5 s  something\n  a     bc\n  long  1 \n  ##  %%\n  #     \n  x   y \n',
  )
})

test('balanceRows: shows what changed', () => {
  const balances: Balances = { wallet: 1_000_000n, escrow: 0n, stake: 5_000_000n, due: 0n }
  const after = { ada: { ...balances, wallet: 3_500_000n } }
  expect(balanceRows({ ada: balances }, after)).toEqual([
    ['ada', '1.00 → 3.50', '0.00', '5.00', '0.00', '+2.50'],
  ])
})

test('argMax: the first of equals', () => {
  expect(argMax(Uint8Array.of(3, 9, 9, 1))).toBe(1)
})
