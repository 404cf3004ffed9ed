import { type Address, type Hash, isAddressEqual, type PublicClient, parseAbi } from 'viem'

const abi = parseAbi([
  'function authorizationState(address authorizer, bytes32 nonce) view returns (bool)',
  'event AuthorizationUsed(address indexed authorizer, bytes32 indexed nonce)',
  'event Transfer(address indexed from, address indexed to, uint256 value)',
])

export type FindTransferParameters = {
  token: Address
  payer: Address
  payTo: Address
  nonce: Hash
  amount: bigint
  /** Block from which to search. */
  fromBlock: bigint
}

/** What became of an authorization: unused, used to pay what was asked, or used for something else. */
export type FoundTransfer =
  | { state: 'unused' }
  | { state: 'paid'; transaction: Hash }
  | { state: 'spent' }

/**
 * Looks on the chain for the transfer that an authorization (ERC-3009) made. Anybody may submit one, and a process may die before it
 * knows that it did: what counts is that the money came.
 */
export async function findTransfer(
  client: PublicClient,
  parameters: FindTransferParameters,
): Promise<FoundTransfer> {
  const { token, payer, nonce, fromBlock } = parameters
  const isUsed = await client.readContract({
    ...{ address: token, abi, functionName: 'authorizationState', args: [payer, nonce] },
  })
  if (!isUsed) return { state: 'unused' }
  const logs = await client.getContractEvents({
    ...{ address: token, abi, eventName: 'AuthorizationUsed', fromBlock, strict: true },
    args: { authorizer: payer, nonce },
  })
  for (const { transactionHash } of logs) {
    if (await paysIn(client, transactionHash, parameters)) {
      return { state: 'paid', transaction: transactionHash }
    }
  }
  return { state: 'spent' }
}

async function paysIn(client: PublicClient, hash: Hash, parameters: FindTransferParameters) {
  const { token, payer, payTo, amount } = parameters
  const { blockNumber } = await client.getTransactionReceipt({ hash })
  const transfers = await client.getContractEvents({
    ...{ address: token, abi, eventName: 'Transfer', strict: true },
    ...{ args: { from: payer, to: payTo }, fromBlock: blockNumber, toBlock: blockNumber },
  })
  return transfers.some(
    ({ transactionHash, args }) =>
      transactionHash === hash && args.value === amount && isAddressEqual(args.to, payTo),
  )
}
