import { receiptTree } from '@assay/protocol/receipt'
import { dollars } from '@assay/testing'
import {
  decodeAbiParameters,
  encodeAbiParameters,
  encodeEventTopics,
  type Hash,
  keccak256,
  toHex,
} from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { createGasChain, type GasChain } from '../../../scripts/gas/chain.ts'
import {
  collect,
  deployLedger,
  LEDGER_TERMS,
  type LedgerWorld,
  settle,
  signOrder,
} from '../../../scripts/gas/ledgerWorld.ts'
import { writesOf } from '../../../scripts/gas/trace.ts'
import { deployWorld } from '../../../scripts/gas/world.ts'

const { demandWindow, horizon, releaseWindow, responseWindow } = LEDGER_TERMS
const retention = BigInt(horizon + demandWindow + responseWindow)

let chain: GasChain
let world: LedgerWorld
let sequence = 0n

/** Settles and releases a batch of `count` receipts in slot 0, and returns both transactions. */
async function play(count: number) {
  const { ledger, outsider, payers } = world
  const tree = receiptTree(Array.from({ length: count }, (_, i) => keccak256(toHex(`id ${i}`))))
  const hashes: Hash[] = []
  sequence += 1n
  const { batch, settledAt } = await settle(
    world,
    '',
    async (_, sent) => {
      hashes.push(await sent)
      return chain.receiptOf(sent)
    },
    {
      collections: [await collect(world, payers[0]!, sequence)],
      root: tree.root,
      count: BigInt(count),
    },
  )
  chain.warpTo(settledAt + BigInt(releaseWindow))
  const released = await ledger.write.release([batch], outsider)
  await chain.receiptOf(Promise.resolve(released))
  chain.warpTo(settledAt + retention)
  return [hashes[0]!, released] as const
}

beforeAll(async () => {
  chain = await createGasChain()
  world = await deployLedger(chain, await deployWorld(chain))
  const { ledger, operator, outsider, payers, stake } = world
  await chain.receiptOf(ledger.write.pledge([stake], operator))
  const order = await signOrder(world, payers[0]!, dollars(10))
  await chain.receiptOf(ledger.write.fund(order, outsider))
  await play(1)
})

afterAll(() => chain.close())

describe('behavior: storage that a batch writes', () => {
  test.each([1, 100, 10_000])(
    '%s receipts: tab, pledge and place, none of them new',
    async (count) => {
      const [settled, released] = await play(count)
      const { ledger } = world
      const settling = await writesOf(chain, settled, ledger.address)
      const releasing = await writesOf(chain, released, ledger.address)

      expect(new Set(settling.map(({ slot }) => slot)).size).toBe(3)
      expect(
        settling.every(({ address }) => address.toLowerCase() === ledger.address.toLowerCase()),
      ).toBe(true)
      const isNew = ({ before, after }: (typeof settling)[number]) => before === 0n && after !== 0n
      expect([...settling, ...releasing].filter(isNew)).toEqual([])
    },
  )
})

test.each([0, 1, 3])(
  'behavior: the event of %s collections is as Solidity encodes it',
  async (count) => {
    const { ledger, payers } = world
    const collections = await Promise.all(
      payers.slice(0, count).map((payer) => collect(world, payer, 1n)),
    )
    let hash: Hash | undefined
    const index = 1 + count
    const { batch, outcomes } = await settle(
      world,
      '',
      async (_, sent) => {
        hash = await sent
        return chain.receiptOf(sent)
      },
      { collections, index },
    )
    const { logs } = await chain.client.getTransactionReceipt({ hash: hash! })
    const types = [
      { type: 'bytes32' },
      { type: 'uint64' },
      { type: 'bytes32' },
      { type: 'uint256[]' },
    ] as const
    const [log] = logs
    const dataHash = decodeAbiParameters(types, log!.data)[2]
    expect(dataHash).toBe(keccak256(toHex('data')))
    expect(log!.data).toBe(
      encodeAbiParameters(types, [batch.root, batch.count, dataHash, outcomes]),
    )
    const { operator, number } = batch
    const args = { operator, number }
    expect(log!.topics).toEqual(
      encodeEventTopics({ abi: ledger.abi, eventName: 'BatchSettled', args }),
    )
  },
)
