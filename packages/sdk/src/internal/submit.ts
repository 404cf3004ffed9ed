import type { Account, Address, Hash, Hex, TransactionReceipt } from 'viem'
import { call, estimateGas, waitForTransactionReceipt } from 'viem/actions'

import type { AssayClient, Submitted, WriteParameters } from '../client.ts'
import { decodeError } from '../errors/decodeError.ts'
import { ChainMismatchError, TransactionFailedError } from '../errors/errors.ts'
import { accountOf } from './accountOf.ts'
import { broadcast } from './broadcast.ts'
import { pause } from './pause.ts'
import { poll } from './poll.ts'

export type SubmitParameters = WriteParameters & {
  /** Contract to call; a contract is created without it. */
  to?: Address | undefined
  data: Hex
}

type Transaction = { account: Account; to?: Address; data: Hex }

/** The cap of one transaction (EIP-7825). */
const maxGas = 2n ** 24n

/**
 * Sends a transaction that was seen to succeed, and waits until it has: a call that would revert costs nothing and is
 * thrown as `RevertError`.
 */
export async function submit(
  client: AssayClient,
  parameters: SubmitParameters,
): Promise<Submitted> {
  const { deployment, to, data, timeoutMs = 180_000 } = parameters
  const clientChainId = client.chain?.id ?? deployment.chainId
  if (clientChainId !== deployment.chainId) {
    throw new ChainMismatchError({ clientChainId, chainId: deployment.chainId })
  }
  const account = accountOf(client, parameters.account)
  const transaction: Transaction = { account, data, ...(to === undefined ? {} : { to }) }
  const hash = await send(client, transaction)
  const receipt = await waitForReceipt(client, { hash, timeoutMs })
  if (receipt.status === 'success') return { hash, receipt }
  throw await failureOf(client, transaction, receipt)
}

async function send(client: AssayClient, transaction: Transaction) {
  try {
    const estimate = await estimateGas(client, transaction)
    // State may change until the transaction is included, and with it what the call costs.
    const padded = (estimate * 5n) / 4n
    return await broadcast(client, { ...transaction, gas: padded < maxGas ? padded : maxGas })
  } catch (error) {
    throw decodeError(error) ?? error
  }
}

async function waitForReceipt(client: AssayClient, wait: { hash: Hash; timeoutMs: number }) {
  const { hash, timeoutMs } = wait
  const attemptTimeoutMs = 30_000
  return poll({
    what: `transaction ${hash}`,
    attempt: () => waitForTransactionReceipt(client, { hash, timeout: attemptTimeoutMs }),
    attemptTimeoutMs,
    wait: pause,
    timeoutMs,
    pollingIntervalMs: client.pollingInterval,
  })
}

/** Repeats a failed transaction as a call, on the state after its block, to learn why. */
async function failureOf(
  client: AssayClient,
  transaction: Transaction,
  receipt: TransactionReceipt,
) {
  const { transactionHash: hash, blockNumber } = receipt
  const cause = await call(client, { ...transaction, blockNumber }).then(
    () => undefined,
    (error: unknown) => decodeError(error) ?? error,
  )
  return new TransactionFailedError({ hash, blockNumber, cause })
}
