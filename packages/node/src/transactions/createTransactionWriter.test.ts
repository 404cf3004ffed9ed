import { network } from 'hardhat'
import {
  createPublicClient,
  custom,
  type Hex,
  type LocalAccount,
  toFunctionSelector,
  zeroAddress,
} from 'viem'
import { mnemonicToAccount } from 'viem/accounts'
import { expect, test } from 'vitest'

import type { IntentPlan } from '../journal/intent.ts'
import { openJournal } from '../journal/openJournal.ts'
import type { Clock } from '../support/clock.ts'
import { createTransactionWriter } from './createTransactionWriter.ts'
import type { Review, WriterEvent, WriterPolicy } from './writer.ts'

const account = mnemonicToAccount('test test test test test test test test test test test junk')
const gwei = 10n ** 9n

const policy: WriterPolicy = {
  chainId: 31337,
  fees: { maxFeePerGas: 100n * gwei, minPriorityFeePerGas: gwei },
  confirmations: 3,
  rebroadcastAfterMs: 1_000,
  bumpAfterMs: 10_000,
  maxInFlight: 16,
}

/** Code that reverts with `NothingSuspended(0)`, an error of the market, whenever it is called. */
const selector = toFunctionSelector('NothingSuspended(bytes32)').slice(2)
const refusing = `0x63${selector}60e01b5f5260245ffd`

type Request = { method: string; params?: unknown }
type Fault = (request: Request, proceed: () => Promise<unknown>) => Promise<unknown>

/** A chain that mines only when told to, a writer on it, and a clock that only the test moves. */
async function setUp(overrides: Partial<WriterPolicy> = {}) {
  const { provider } = await network.create()
  const rpc = (method: string, ...params: unknown[]) => provider.request({ method, params })
  await rpc('evm_setAutomine', false)

  const faults: { current: Fault | undefined } = { current: undefined }
  const client = createPublicClient({
    transport: custom({
      async request(request: Request) {
        const proceed = () => provider.request(request as never)
        return faults.current === undefined ? proceed() : faults.current(request, proceed)
      },
    }),
    cacheTime: 0,
  })

  let now = 1_000_000
  const clock: Clock = { now: () => now, elapsed: () => now, sleep: async () => {} }
  const owner = { chainId: 31337, market: zeroAddress, account: account.address }
  const journal = openJournal({ path: ':memory:', clock, owner })
  const events: WriterEvent[] = []
  const review: { current: Review } = { current: { verdict: 'send' } }
  const createWriter = (sender: LocalAccount = account) =>
    createTransactionWriter({
      client,
      account: sender,
      intents: journal.intents,
      clock,
      policy: { ...policy, ...overrides },
      review: () => review.current,
      afterRevert: ({ attempts }) => (attempts < 2 ? 'retry' : 'abandon'),
      observe: (event) => events.push(event),
    })
  let writer = createWriter()
  return {
    rpc,
    faults,
    events,
    review,
    intents: journal.intents,
    wait: (ms: number) => {
      now += ms
    },
    mine: (blocks = 1) => rpc('hardhat_mine', `0x${blocks.toString(16)}`),
    restart: () => {
      writer = createWriter()
    },
    async tick() {
      const block = await client.getBlock()
      await writer.tick({ ...block, baseFeePerGas: block.baseFeePerGas! })
    },
    pending: async () => {
      const block = await client.getBlock({ blockTag: 'pending', includeTransactions: true })
      return block.transactions.map(({ hash, nonce }) => ({ hash, nonce }))
    },
    balanceOf: (address: Hex) => client.getBalance({ address }),
  }
}

function planOf(name: string, overrides: Partial<IntentPlan> = {}): IntentPlan {
  const to = '0x00000000000000000000000000000000000000aa'
  return { key: name, kind: 'answer', to, data: '0x01', subjects: [name], ...overrides }
}

test('default: plans become final transactions with gap-free nonces', async () => {
  const { intents, tick, mine, pending, events } = await setUp()
  for (const name of ['a', 'b', 'c']) intents.plan(planOf(name))
  await tick()
  expect((await pending()).map(({ nonce }) => nonce)).toEqual([0, 1, 2])
  await mine()
  await tick()
  expect(intents.live().map(({ state }) => state)).toEqual(['mined', 'mined', 'mined'])
  await mine(2)
  await tick()
  expect(intents.counts()).toEqual({ final: 3 })
  expect(events.filter(({ type }) => type === 'signed')).toHaveLength(3)
})

test('behavior: a transaction that nobody received is sent after a restart, with the same hash', async () => {
  const { intents, tick, mine, pending, faults, restart } = await setUp()
  faults.current = async (request, proceed) => {
    if (request.method === 'eth_sendRawTransaction') throw new Error('connection refused')
    return proceed()
  }
  const { id } = intents.plan(planOf('a'))
  await tick()
  expect(intents.get(id)).toMatchObject({ state: 'signed', nonce: 0 })
  expect(await pending()).toEqual([])
  faults.current = undefined
  restart()
  await tick()
  const { hash } = intents.transactionsOf({ id, nonce: 0 })[0]!
  expect(await pending()).toEqual([{ hash, nonce: 0 }])
  await mine(3)
  await tick()
  expect(intents.get(id)).toMatchObject({ state: 'final', minedHash: hash })
})

test('behavior: a node that takes a transaction and then fails causes no second one', async () => {
  const { intents, tick, mine, pending, faults } = await setUp()
  faults.current = async (request, proceed) => {
    const result = await proceed()
    if (request.method === 'eth_sendRawTransaction') throw new Error('socket hang up')
    return result
  }
  const { id } = intents.plan(planOf('a'))
  await tick()
  await tick()
  expect(intents.get(id).state).toBe('signed')
  expect(await pending()).toHaveLength(1)
  await mine(3)
  await tick()
  expect(intents.get(id).state).toBe('final')
  expect(intents.transactionsFrom(0)).toHaveLength(1)
})

test('behavior: a dropped transaction is handed out again', async () => {
  const { intents, tick, mine, pending, rpc, wait } = await setUp()
  intents.plan(planOf('a'))
  await tick()
  const [dropped] = await pending()
  await rpc('hardhat_dropTransaction', dropped!.hash)
  expect(await pending()).toEqual([])
  wait(500)
  await tick()
  expect(await pending()).toEqual([])
  wait(1_000)
  await tick()
  expect(await pending()).toEqual([dropped])
  await mine(3)
  await tick()
  expect(intents.counts()).toEqual({ final: 1 })
})

test('behavior: fees that wait too long are raised by an eighth, up to the limit', async () => {
  const { intents, tick, mine, pending, rpc, wait, events } = await setUp({
    fees: { maxFeePerGas: 3_500_000_000n, minPriorityFeePerGas: gwei },
  })
  const { id } = intents.plan(planOf('a'))
  await tick()
  wait(10_000)
  await tick()
  const [first, second] = intents.transactionsOf({ id, nonce: 0 })
  expect(second!.maxFeePerGas * 8n).toBeGreaterThanOrEqual(first!.maxFeePerGas * 9n)
  expect(second!.maxPriorityFeePerGas * 8n).toBeGreaterThanOrEqual(first!.maxPriorityFeePerGas * 9n)
  expect(await pending()).toEqual([{ hash: second!.hash, nonce: 0 }])
  wait(10_000)
  await tick()
  expect(events.some(({ type }) => type === 'capped')).toBe(true)
  expect(intents.transactionsOf({ id, nonce: 0 })).toHaveLength(2)
  await rpc('hardhat_dropTransaction', second!.hash)
  await rpc('eth_sendRawTransaction', first!.raw)
  await mine(3)
  await tick()
  expect(intents.get(id)).toMatchObject({ state: 'final', minedHash: first!.hash })
})

test('behavior: a receipt that a reorganisation took back is earned again', async () => {
  const { intents, tick, mine, rpc, events } = await setUp()
  const { id } = intents.plan(planOf('a'))
  const snapshot = await rpc('evm_snapshot')
  await tick()
  await mine()
  await tick()
  expect(intents.get(id).state).toBe('mined')
  await rpc('evm_revert', snapshot)
  await mine()
  await tick()
  expect(events.some(({ type }) => type === 'reorganised')).toBe(true)
  expect(intents.get(id).state).toBe('sent')
  await mine(3)
  await tick()
  expect(intents.get(id).state).toBe('final')
})

test('behavior: a reorganisation deeper than finality reopens what was closed, in nonce order', async () => {
  const { intents, tick, mine, rpc, wait } = await setUp()
  await mine(2)
  const snapshot = await rpc('evm_snapshot')
  intents.plan(planOf('a'))
  await tick()
  await mine(3)
  await tick()
  expect(intents.counts()).toEqual({ final: 1 })
  await rpc('evm_revert', snapshot)
  await mine()
  intents.plan(planOf('b'))
  wait(1_000)
  await tick()
  await tick()
  wait(1_000)
  await tick()
  await mine(3)
  await tick()
  expect(intents.find('a')).toMatchObject({ state: 'final', nonce: 0 })
  expect(intents.find('b')).toMatchObject({ state: 'final', nonce: 1 })
})

test('behavior: a nonce spent by somebody else is given up once that is final', async () => {
  const { intents, tick, mine, rpc } = await setUp()
  const { id } = intents.plan(planOf('a'))
  await tick()
  const { hash } = intents.transactionsOf({ id, nonce: 0 })[0]!
  await rpc('hardhat_dropTransaction', hash)
  const foreign = await account.signTransaction({
    ...{ chainId: 31337, nonce: 0, to: zeroAddress, gas: 21_000n, type: 'eip1559' },
    ...{ maxFeePerGas: 10n * gwei, maxPriorityFeePerGas: gwei },
  })
  await rpc('eth_sendRawTransaction', foreign)
  await mine()
  await tick()
  expect(intents.get(id)).toMatchObject({ state: 'sent', nonce: 0 })
  await mine(2)
  await tick()
  await tick()
  expect(intents.get(id)).toMatchObject({ state: 'sent', nonce: 1, attempts: 2 })
  await mine(3)
  await tick()
  expect(intents.get(id).state).toBe('final')
})

test('behavior: what is not wanted any more spends its nonce on nothing', async () => {
  const { intents, tick, mine, review, pending, wait } = await setUp()
  const { id } = intents.plan(planOf('a'))
  await tick()
  review.current = { verdict: 'abandon', reason: 'answered by another' }
  wait(1_000)
  await tick()
  const [, cancellation] = intents.transactionsOf({ id, nonce: 0 })
  expect(await pending()).toEqual([{ hash: cancellation!.hash, nonce: 0 }])
  await mine(3)
  await tick()
  const { state, minedHash, reason } = intents.get(id)
  expect({ state, minedHash, reason }).toEqual({
    state: 'dropped',
    minedHash: cancellation!.hash,
    reason: 'answered by another',
  })
})

test('behavior: a refused transaction says why and is tried again once', async () => {
  const { intents, tick, mine, rpc, events } = await setUp()
  const to = '0x00000000000000000000000000000000000000bb'
  await rpc('hardhat_setCode', to, refusing)
  const { id } = intents.plan(planOf('a', { to, gas: 100_000n }))
  await tick()
  await mine(3)
  await tick()
  expect(intents.get(id)).toMatchObject({ state: 'planned', attempts: 2 })
  await tick()
  await mine(3)
  await tick()
  expect(intents.get(id).state).toBe('abandoned')
  expect(events.filter(({ type }) => type === 'reverted')).toMatchObject([
    { next: 'retry', revert: { name: 'NothingSuspended' } },
    { next: 'abandon', revert: { name: 'NothingSuspended' } },
  ])
})

test('behavior: a silent node changes nothing', async () => {
  const { intents, tick, faults, events } = await setUp()
  const { id } = intents.plan(planOf('a'))
  await tick()
  const before = { intent: intents.get(id), events: events.length }
  faults.current = async ({ method }, proceed) => {
    if (method !== 'eth_getBlockByNumber') throw new Error('timeout')
    return proceed()
  }
  await expect(tick()).resolves.toBeUndefined()
  expect({ intent: intents.get(id), events: events.length }).toEqual(before)
})
