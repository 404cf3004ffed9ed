import { receiptLedgerAbi } from '@assay/protocol'
import {
  createPublicClient,
  custom,
  decodeFunctionData,
  encodeFunctionResult,
  type Hex,
  zeroAddress,
} from 'viem'
import { expect, test } from 'vitest'

import { SignerUnknownError } from '../receipts/errors.ts'
import { systemClock } from '../support/clock.ts'
import { type CheckLedgerParameters, checkLedger } from './checkLedger.ts'
import { ConfigError } from './errors.ts'

const abi = receiptLedgerAbi
const [operator, signer] = [`0x${'01'.repeat(20)}`, `0x${'02'.repeat(20)}`] as const
const now = 1_700_000_000

/** Receipts of this ledger can be demanded and opened for two hours. */
const terms = {
  ...{ stakeRatioPpm: 1, stakeFloor: 1n, demandBond: 1n, releaseWindow: 1, horizon: 3_600 },
  ...{ demandWindow: 3_000, responseWindow: 600, challengeWindow: 1, tabThaw: 1, signerDelay: 1 },
}

/** Checks against a ledger that knows a signer until then. */
async function check(overrides: Partial<CheckLedgerParameters> = {}, until = 0n) {
  const unknown: unknown[] = []
  const request = async ({ params }: { params: [{ data: Hex }] }) => {
    const { functionName } = decodeFunctionData({ abi, data: params[0].data })
    return functionName === 'terms'
      ? encodeFunctionResult({ abi, functionName, result: terms })
      : encodeFunctionResult({ abi, functionName: 'signerUntil', result: until })
  }
  await checkLedger({
    client: createPublicClient({ transport: custom({ request }) }),
    ...{ deployment: { ledger: zeroAddress }, operator, signer: operator, retainHours: 24 },
    clock: { ...systemClock, now: () => now * 1_000 },
    onUnknown: (error) => unknown.push(error),
    ...overrides,
  })
  return unknown
}

test('default: the operator signs, or a signer that the ledger knows', async () => {
  expect(await check()).toEqual([])
  expect(await check({ signer }, BigInt(now + 1))).toEqual([])
})

test('error: a key that is not registered, or not any more', async () => {
  await expect(check({ signer })).rejects.toThrow(SignerUnknownError)
  await expect(check({ signer }, BigInt(now))).rejects.toThrow(SignerUnknownError)
})

test('error: receipts are forgotten while they can be demanded', async () => {
  await expect(check({ retainHours: 2 })).rejects.toThrow(ConfigError)
  expect(await check({ retainHours: 2.1 })).toEqual([])
})

test('behavior: a ledger that cannot be asked stops nobody', async () => {
  const down = custom({ request: () => Promise.reject(new Error('refused')) }, { retryCount: 0 })
  const client = createPublicClient({ transport: down })
  expect(await check({ client, signer })).toHaveLength(1)
})
