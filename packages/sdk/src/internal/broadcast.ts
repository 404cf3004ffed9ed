import { walkCauses } from '@assay/protocol'
import {
  type Account,
  type Address,
  type Hash,
  type Hex,
  keccak256,
  RpcRequestError,
  type TransactionSerializable,
} from 'viem'
import {
  getTransaction,
  prepareTransactionRequest,
  sendRawTransaction,
  sendTransaction,
} from 'viem/actions'

import type { AssayClient } from '../client.ts'
import { pause } from './pause.ts'

export type BroadcastParameters = {
  account: Account
  to?: Address | undefined
  data: Hex
  gas: bigint
}

const attempts = 3

/**
 * Sends a transaction and returns its hash. One that is signed here has a known hash, so a node that fails after
 * accepting it is asked for it, and the same bytes are sent again, instead of a second transaction.
 */
export async function broadcast(
  client: AssayClient,
  parameters: BroadcastParameters,
): Promise<Hash> {
  const { account, ...transaction } = parameters
  const chain = client.chain ?? null
  if (account.type !== 'local') return sendTransaction(client, { account, chain, ...transaction })

  const request = await prepareTransactionRequest(client, { account, chain, ...transaction })
  // The request's type is a union over chains and transaction types that only viem's own actions can name.
  const serializable = request as unknown as TransactionSerializable
  const serializer = client.chain?.serializers?.transaction
  const signed = await account.signTransaction(
    serializable,
    serializer ? { serializer } : undefined,
  )
  return sendSigned(client, signed)
}

async function sendSigned(client: AssayClient, serializedTransaction: Hex): Promise<Hash> {
  const hash = keccak256(serializedTransaction)
  for (let attempt = 1; ; attempt++) {
    try {
      return await sendRawTransaction(client, { serializedTransaction })
    } catch (error) {
      if (await isKnown(client, hash)) return hash
      if (attempt === attempts || isRefused(error)) throw error
      await pause(client.pollingInterval)
    }
  }
}

async function isKnown(client: AssayClient, hash: Hash) {
  try {
    await getTransaction(client, { hash })
    return true
  } catch {
    return false
  }
}

/** A reply that is an error is the node's verdict; no reply says nothing about the transaction. */
function isRefused(error: unknown) {
  return walkCauses(error, (cause) => cause instanceof RpcRequestError) !== undefined
}
