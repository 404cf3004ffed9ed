import { escrowAbi } from '@assay/protocol'
import { deploySuite, dollars, faultyTransport } from '@assay/testing'
import { network } from 'hardhat'
import { createClient, getAbiItem, hexToNumber, toEventSelector } from 'viem'
import { expect, test } from 'vitest'

import { deposit } from '../actions/deposit.ts'
import { getLogs } from './getLogs.ts'

const { viem, networkHelpers } = await network.create()
const topics = [toEventSelector(getAbiItem({ abi: escrowAbi, name: 'Deposited' }))]

/** Deposits far apart, and a node that searches no more than `most` blocks at a time. */
async function start(most: number) {
  const { deployment, actors, publicClient } = await deploySuite(viem)
  for (let i = 0; i < 3; i++) {
    await deposit(actors.payer, { deployment, amount: dollars(1) })
    await networkHelpers.mine(1_500)
  }
  const transport = faultyTransport({
    client: publicClient,
    fault(method, _, params) {
      if (method !== 'eth_getLogs') return undefined
      const [{ fromBlock, toBlock }] = params as [Record<'fromBlock' | 'toBlock', `0x${string}`>]
      return hexToNumber(toBlock) - hexToNumber(fromBlock) < most ? undefined : { kind: 'fail' }
    },
  })
  const range = { fromBlock: 0n, toBlock: await publicClient.getBlockNumber() }
  return {
    client: createClient({ transport }),
    query: { address: deployment.escrow, topics, ...range },
  }
}

test('default: finds all in order, whatever range a node allows', async () => {
  const { client, query } = await start(1_000)
  const logs = await getLogs(client, query)
  expect(logs.length).toBe(3)
  expect(logs.map(({ blockNumber }) => blockNumber)).toEqual(
    logs.map(({ blockNumber }) => blockNumber).sort((a, b) => Number(a - b)),
  )
})

test('error: a node that refuses every range', async () => {
  const { client, query } = await start(0)
  await expect(getLogs(client, query)).rejects.toThrow()
})

test('behavior: an empty range is not searched', async () => {
  const { client, query } = await start(0)
  expect(await getLogs(client, { ...query, fromBlock: query.toBlock + 1n })).toEqual([])
})
