import { receiptLedgerAbi } from '@assay/protocol'
import { createPublicClient, custom, encodeFunctionResult, numberToHex, zeroAddress } from 'viem'
import { expect, test } from 'vitest'

import { systemClock } from '../support/clock.ts'
import { createTabReader } from './createTabReader.ts'
import { ChainUnknownError } from './errors.ts'

const payer = `0x${'05'.repeat(20)}` as const
const [trustMs, staleMs] = [5_000, 600_000]

/** A reader of a tab with 100 in it, whose time and node the test holds. */
function setUp() {
  const state = { ms: 0, isDown: false, funded: 100n, thawedAt: 0n, reads: 0 }
  const tabOf = () =>
    encodeFunctionResult({
      ...{ abi: receiptLedgerAbi, functionName: 'tabOf' },
      result: { funded: state.funded, spent: 10n, thawedAt: state.thawedAt, epoch: 2 },
    })
  const transport = custom(
    {
      async request({ method }: { method: string }) {
        if (state.isDown) throw new Error('connection refused')
        if (method === 'eth_blockNumber') return numberToHex(50)
        if (method !== 'eth_call') throw new Error(`${method} is not asked`)
        state.reads += 1
        return tabOf()
      },
    },
    { retryCount: 0 },
  )
  const reader = createTabReader({
    ...{ client: createPublicClient({ transport }), deployment: { ledger: zeroAddress } },
    ...{ operator: zeroAddress, confirmations: 1, trustMs, staleMs },
    clock: { ...systemClock, elapsed: () => state.ms },
  })
  return { reader, state }
}

test('default: what was read is trusted for a while, and then read again', async () => {
  const { reader, state } = setUp()
  const tab = { funded: 100n, spent: 10n, thawedAt: 0n, epoch: 2 }
  expect(await reader.read(payer, 50n)).toEqual(tab)
  const { reads } = state
  state.ms = trustMs - 1
  await reader.read(payer, 50n)
  expect(state.reads).toBe(reads)
  state.ms = trustMs
  await reader.read(payer, 50n)
  expect(state.reads).toBe(2 * reads)
})

test('behavior: more than is known to be there, and a tab that thaws, are read at once', async () => {
  const { reader, state } = setUp()
  await reader.read(payer, 50n)
  state.funded = 200n
  expect(await reader.read(payer, 150n)).toMatchObject({ funded: 200n })
  state.thawedAt = 9n
  reader.forget(payer)
  expect(await reader.read(payer, 150n)).toMatchObject({ thawedAt: 9n })
  state.thawedAt = 0n
  expect(await reader.read(payer, 150n)).toMatchObject({ thawedAt: 0n })
})

test('behavior: while no node answers, what was read counts for minutes and no longer', async () => {
  const { reader, state } = setUp()
  await reader.read(payer, 50n)
  state.isDown = true
  state.ms = staleMs - 1
  expect(await reader.read(payer, 50n)).toMatchObject({ funded: 100n })
  state.ms = staleMs
  await expect(reader.read(payer, 50n)).rejects.toThrow(ChainUnknownError)
  state.isDown = false
  expect(await reader.read(payer, 50n)).toMatchObject({ funded: 100n })
})

test('error: no node answers, and nothing was read of the payer', async () => {
  const { reader, state } = setUp()
  state.isDown = true
  await expect(reader.read(payer, 1n)).rejects.toThrow(ChainUnknownError)
})
