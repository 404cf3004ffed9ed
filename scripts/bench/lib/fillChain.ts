import { type Job, jobIdOf, jobMarketAbi, settlementOf } from '@assay/protocol'
import type { Suite } from '@assay/testing'
import type { NetworkHelpers } from '@nomicfoundation/hardhat-network-helpers/types'
import { encodeFunctionData, type Hex, keccak256, parseEventLogs, toHex } from 'viem'

type Provider = { request: (call: { method: string; params: unknown[] }) => Promise<unknown> }

export type FillChainParameters = {
  suite: Suite
  networkHelpers: NetworkHelpers
  provider: Provider
  /** Model version with an operator that has far more stake than the jobs reserve. */
  version: Hex
  /** Number of the first job; jobs of another number are other jobs. */
  first?: number
  /** Jobs to request, answer and settle. */
  jobs: number
  /** Called after every wave with the number of jobs done. */
  onProgress: (done: number) => void
  signal: AbortSignal
}

/** Jobs that are requested, answered and settled together. */
const waveJobs = 500
/** Transactions of a block. */
const blockSize = 100
const settledTogether = 50
/** Bytes of the demonstration's model: an image of 28 × 28, ten class scores. */
const input = toHex(new Uint8Array(784).map((_, i) => i % 256))
const output = toHex(new Uint8Array(10).map((_, i) => i))

const seconds = { untilAnswer: 40, challengeWindow: 30 }

/** Puts whole lives of jobs on a chain, as fast as it takes them. */
export async function fillChain(parameters: FillChainParameters): Promise<void> {
  const { provider, first = 0, jobs, onProgress, signal } = parameters
  await provider.request({ method: 'evm_setAutomine', params: [false] })
  for (let done = 0; done < jobs; done += waveJobs) {
    signal.throwIfAborted()
    const wave = await createJobs(parameters, first + done, Math.min(waveJobs, jobs - done))
    await runWave(parameters, wave)
    onProgress(done + wave.length)
  }
  await provider.request({ method: 'evm_setAutomine', params: [true] })
}

async function createJobs({ suite, version }: FillChainParameters, first: number, count: number) {
  const { deployment, actors, publicClient, terms } = suite
  const { timestamp } = await publicClient.getBlock()
  return Array.from({ length: count }, (_, i): Job => {
    return {
      payer: actors.payer.account.address,
      model: version,
      inputHash: keccak256(input),
      verifier: deployment.tensorVerifier,
      feeMin: 2_000n,
      feeMax: 3_000n,
      ramp: 20,
      tau: 1,
      deadline: timestamp + BigInt(terms.maxAnswerWindow),
      challengeWindow: seconds.challengeWindow,
      parametersId: 1,
      callbackGas: 0,
      callback: '0x0000000000000000000000000000000000000000',
      salt: toHex(first + i, { size: 32 }),
    }
  })
}

async function runWave(parameters: FillChainParameters, wave: Job[]) {
  const { suite, networkHelpers } = parameters
  const { actors, deployment, publicClient, market } = suite
  const abi = jobMarketAbi
  const requests = wave.map((job) =>
    encodeFunctionData({ abi, functionName: 'request', args: [job, input] }),
  )
  await send(parameters, 'payer', requests)
  await mineAfter(networkHelpers, 1)
  await mineAfter(networkHelpers, seconds.untilAnswer)

  const operator = actors.operator.account.address
  const evidence = keccak256(output)
  const answers = wave.map((job) =>
    encodeFunctionData({ abi, functionName: 'answer', args: [job, operator, output, evidence] }),
  )
  const from = (await publicClient.getBlockNumber({ cacheTime: 0 })) + 1n
  await send(parameters, 'operator', answers)
  await mineAfter(networkHelpers, seconds.challengeWindow)

  const logs = await publicClient.getLogs({ address: market.address, fromBlock: from })
  const answered = parseEventLogs({ abi, eventName: 'JobAnswered', logs })
  const byId = new Map(wave.map((job) => [jobIdOf({ ...deployment, job }), job]))
  const settlements = answered.map(({ args }) =>
    settlementOf({ job: byId.get(args.id)!, answered: args }),
  )
  const ids = answered.map(({ args }) => args.id)
  const claims = chunks(ids.length, settledTogether).map(([start, end]) =>
    encodeFunctionData({
      abi,
      functionName: 'claimMany',
      args: [ids.slice(start, end), settlements.slice(start, end)],
    }),
  )
  await send(parameters, 'relayer', claims)
}

const gas = { payer: 150_000n, operator: 250_000n, relayer: 2_500_000n }

/** Sends calls of the market from one actor, a block of them at a time. */
async function send(
  { suite, networkHelpers, provider }: FillChainParameters,
  actor: keyof typeof gas,
  calls: Hex[],
) {
  const { actors, market, publicClient } = suite
  const from = actors[actor].account.address
  const first = await publicClient.getTransactionCount({ address: from })
  // With fees and nonce given, the node need not look at what is pending: twenty times faster.
  const fees = { maxFeePerGas: toHex(10n ** 11n), maxPriorityFeePerGas: '0x1' }
  const call = { from, to: market.address, gas: toHex(gas[actor]), ...fees }
  const perBlock = actor === 'relayer' ? 10 : blockSize
  for (const [start, end] of chunks(calls.length, perBlock)) {
    for (const [i, data] of calls.slice(start, end).entries()) {
      const nonce = toHex(first + start + i)
      await provider.request({
        method: 'eth_sendTransaction',
        params: [{ ...call, data, nonce }],
      })
    }
    await mineAfter(networkHelpers, 1)
  }
}

/** Mines a block whose time does not depend on how long filling takes. */
async function mineAfter({ time, mine }: NetworkHelpers, passed: number) {
  await time.setNextBlockTimestamp((await time.latest()) + passed)
  await mine()
}

function chunks(length: number, size: number): [number, number][] {
  return Array.from({ length: Math.ceil(length / size) }, (_, i) => [
    i * size,
    Math.min((i + 1) * size, length),
  ])
}
