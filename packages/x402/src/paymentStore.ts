import { type Address, encodePacked, type Hash, keccak256 } from 'viem'

/** What is remembered of a payment. */
export type PaymentRecord = {
  /** `sending`: its transaction may be anywhere. `settled`: the money is here. */
  state: 'sending' | 'settled'
  /** Transaction that made it, or that was sent last. */
  transaction?: Hash | undefined
  /** The request that it pays for: once on the chain, the payment is there for everybody to send. */
  requestHash: Hash
}

/** Where payments are remembered. Durable: what was put is there after a crash. */
export type PaymentStore = {
  get: (id: Hash) => PaymentRecord | undefined
  put: (id: Hash, record: PaymentRecord) => void
}

export type PaymentIdOfParameters = {
  chainId: number
  token: Address
  payer: Address
  /** Of the ERC-3009 authorization. */
  nonce: Hash
}

/**
 * Returns the id of a payment, which is also the name of the one request that it pays for:
 * keccak256("x402" ‖ chain(32) ‖ token ‖ payer ‖ nonce).
 */
export function paymentIdOf({ chainId, token, payer, nonce }: PaymentIdOfParameters): Hash {
  return keccak256(
    encodePacked(
      ['string', 'uint256', 'address', 'address', 'bytes32'],
      ['x402', BigInt(chainId), token, payer, nonce],
    ),
  )
}
