import { expect } from 'vitest'

import { until } from './operator.ts'
import { linesOf, type StartedProcess, startProcess } from './processes.ts'
import type { Suite } from './suite.ts'

export const crashingDaemon = 'test/faults/support/crashingDaemon.ts'

/** Blocks within which a process must have come to one of its steps. */
const maxBlocks = 100

/** Mines a block a second after the last, however long that took. */
export async function mineSecond({ chain: client }: Pick<Suite, 'chain'>) {
  const { timestamp } = await client.getBlock()
  await client.setNextBlockTimestamp({ timestamp: timestamp + 1n })
  await client.mine({ blocks: 1 })
  // Blocks that follow at once leave a process no time to act before a deadline.
  await new Promise((resolve) => setTimeout(resolve, 60))
}

/** Mines while a process lives, so that no deadline passes while one is starting. */
export async function mineWhile(
  suite: Pick<Suite, 'chain'>,
  process: StartedProcess,
  isOver: () => boolean | Promise<boolean>,
  limit = maxBlocks,
) {
  let hasEnded = false
  void process.ended.then(() => {
    hasEnded = true
  })
  await until('its start', () => hasEnded || process.lines.length > 0)
  for (let blocks = 0; !hasEnded && !(await isOver()); blocks++) {
    if (blocks === limit) {
      process.child.kill('SIGKILL')
      throw new Error(`nothing happened:\n${process.lines.slice(-30).join('\n')}`)
    }
    await mineSecond(suite)
  }
}

export type Ordeal = {
  steps: string[]
  /** Message of the step that ends it, or what tells whether it is over. */
  last: string | (() => Promise<boolean>)
  /** Blocks within which a process must have come to one of the steps. */
  blocks?: number
}

/** Starts a daemon again and again, to be killed at each of `steps` as it comes, until it gets to `last`. */
export async function surviveAll(
  suite: Pick<Suite, 'chain'>,
  daemon: string,
  config: string,
  { steps, last, blocks = maxBlocks }: Ordeal,
) {
  const left = new Set(steps)
  for (;;) {
    const process = startProcess(crashingDaemon, [daemon, config, ...left])
    const isOver = typeof last === 'string' ? () => linesOf(process, last).length > 0 : last
    await mineWhile(suite, process, isOver, blocks)
    const [killed] = linesOf(process, 'killed')
    if (killed === undefined) {
      process.child.kill('SIGTERM')
      expect({ ended: await process.ended, errors: process.errors }).toEqual({
        ...{ ended: 0, errors: [] },
      })
      return expect([...left]).toEqual([])
    }
    expect(await process.ended).toBe('SIGKILL')
    left.delete(String(killed.step))
  }
}

export function stepsOf(kind: string, steps: string[]) {
  return steps.map((step) => `${kind} ${step}`)
}
