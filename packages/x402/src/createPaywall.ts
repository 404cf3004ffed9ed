import type { ReceiptDocument } from '@assay/protocol/http'
import {
  decodePaymentSignatureHeader,
  encodePaymentRequiredHeader,
  encodePaymentResponseHeader,
} from '@x402/core/http'
import { parsePaymentPayload } from '@x402/core/schemas'
import type { PaymentPayload, PaymentRequirements } from '@x402/core/types'
import { authorizationTypes, isEIP3009Payload } from '@x402/evm'
import { type Address, getAddress, type Hash, type Hex, isAddress, isHash } from 'viem'

import { type CreateFacilitatorParameters, createFacilitator } from './createFacilitator.ts'
import { PaymentMalformedError, PaymentRefusedError, PaymentUnsettledError } from './errors.ts'
import { type FindTransferParameters, findTransfer } from './findTransfer.ts'
import { type PaymentStore, paymentIdOf } from './paymentStore.ts'

export type CreatePaywallParameters = Omit<CreateFacilitatorParameters, 'onSent'> & {
  token: Address
  /** EIP-712 domain of the token. */
  tokenDomain: { name: string; version: string }
  /** Who is paid. */
  payTo: Address
  store: PaymentStore
  /** Block from which transfers are searched. */
  fromBlock: bigint
  /** Seconds for which a client's authorization is asked to be valid, and may be used; 300 by default. */
  maxTimeoutSeconds?: number
  /** `now` in milliseconds of Unix time. */
  clock: { now: () => number }
}

/** What one request costs. */
export type Charge = {
  /** URL of what is paid for. */
  resource: string
  description: string
  /** Token units. */
  amount: bigint
  /** keccak256 of everything that makes the request: a payment pays for one. */
  requestHash: Hash
}

export type VerifiedPayment = {
  /** Id of the payment: name of the one request that it pays for. */
  id: Hash
  payer: Address
  /** Moves the money, once. Throws `PaymentRefusedError` or `PaymentUnsettledError`. */
  settle: () => Promise<SettledPayment>
}

export type SettledPayment = {
  /** For the response. */
  headers: Record<string, string>
  /** For the receipt document. */
  proof: NonNullable<ReceiptDocument['payment']>
}

/** Sells single requests to whoever has a wallet (x402 v2, scheme `exact`, ERC-3009). */
export type Paywall = {
  /** Headers of the 402 that says what a request costs. */
  challenge: (charge: Charge, error?: string) => Record<string, string>
  /**
   * Checks the header `PAYMENT-SIGNATURE` against a charge. Nothing moves yet. Throws `PaymentMalformedError` or
   * `PaymentRefusedError`.
   */
  verify: (header: string, charge: Charge) => Promise<VerifiedPayment>
}

const version = 2

/**
 * Creates a paywall. What a payment pays for is named by the payment itself, so that a client that lost its answer sends the same
 * header again: it is not charged twice, and gets the same answer.
 *
 * @example
 * const paywall = createPaywall({ publicClient, walletClient, chainId, token, tokenDomain, payTo, store, fromBlock })
 * const { id, settle } = await paywall.verify(header, charge)
 */
export function createPaywall(parameters: CreatePaywallParameters): Paywall {
  const { chainId, token, tokenDomain, payTo, maxTimeoutSeconds = 300 } = parameters
  const network = `eip155:${chainId}` as const

  function requirementsOf({ amount }: Charge): PaymentRequirements {
    return {
      ...{ scheme: 'exact', network, asset: token, payTo, maxTimeoutSeconds },
      ...{ amount: String(amount), extra: { ...tokenDomain } },
    }
  }

  return {
    challenge(charge, error) {
      const { resource, description } = charge
      const required = {
        ...{ x402Version: version, accepts: [requirementsOf(charge)] },
        resource: { url: resource, description, mimeType: 'application/json' },
        ...(error !== undefined && { error }),
      }
      return { 'payment-required': encodePaymentRequiredHeader(required) }
    },

    async verify(header, charge) {
      const payload = read(header)
      const authorization = authorizationOf(payload)
      const { payer, nonce } = authorization
      const id = paymentIdOf({ chainId, token, payer, nonce })
      const { requestHash } = charge
      const payment = { id, payload, requirements: requirementsOf(charge), payer, requestHash }
      const terms = { ...parameters, payer, nonce, amount: charge.amount }
      requireCharged(authorization, terms)
      requireCurrent(authorization, parameters.clock.now(), maxTimeoutSeconds)
      const settler = { parameters, terms, payment }
      const known = parameters.store.get(id)
      if (known !== undefined && known.requestHash !== requestHash) {
        throw new PaymentRefusedError('payment_reused', 'it paid for another request')
      }
      if (await isPaid(settler)) await requireSigned(settler)
      else await requireValid(settler)
      return { id, payer, settle: () => settle(settler) }
    },
  }
}

type Terms = FindTransferParameters

type Settler = {
  parameters: CreatePaywallParameters
  terms: Terms
  payment: {
    id: Hash
    payer: Address
    payload: PaymentPayload
    requirements: PaymentRequirements
    requestHash: Hash
  }
}

function read(header: string): PaymentPayload {
  try {
    const payload = parsePaymentPayload(decodePaymentSignatureHeader(header))
    if (payload.success && payload.data.x402Version === version) {
      return payload.data as unknown as PaymentPayload
    }
  } catch (cause) {
    throw new PaymentMalformedError('it is not base64 of JSON', cause)
  }
  throw new PaymentMalformedError(`it is no payload of version ${version}`)
}

function authorizationOf({ payload }: PaymentPayload) {
  const authorization = isEIP3009Payload(payload as never)
    ? (payload as { authorization?: Record<string, unknown> }).authorization
    : undefined
  const [from, to, nonce] = ['from', 'to', 'nonce'].map((name) => String(authorization?.[name]))
  const [value, validBefore] = ['value', 'validBefore'].map((name) => String(authorization?.[name]))
  if (!isAddress(from!, { strict: false }) || !isAddress(to!, { strict: false })) {
    throw new PaymentMalformedError('it holds no authorization of ERC-3009')
  }
  if (!isHash(nonce!)) throw new PaymentMalformedError('its nonce is not 32 bytes')
  return {
    ...{ payer: getAddress(from), to: getAddress(to), value, validBefore },
    nonce: nonce.toLowerCase() as Hash,
  }
}

/** What is compared before anything is looked up: a payment for another price or to another seller is none for this. */
function requireCharged(
  authorization: ReturnType<typeof authorizationOf>,
  { payTo, amount }: Terms,
) {
  if (authorization.to !== getAddress(payTo)) {
    throw new PaymentRefusedError('invalid_exact_evm_payload_recipient_mismatch')
  }
  if (authorization.value !== String(amount)) {
    const message = `it is ${authorization.value}, and the request costs ${amount}`
    throw new PaymentRefusedError('invalid_exact_evm_payload_authorization_value_mismatch', message)
  }
}

/** Seconds by which a client's clock may be ahead. */
const skewSeconds = 60

/**
 * A payment stays on the chain, and what it bought is forgotten one day: it buys nothing once its time is over, nor if that is so
 * far away that it would buy again.
 */
function requireCurrent(
  { validBefore }: ReturnType<typeof authorizationOf>,
  nowMs: number,
  maxTimeoutSeconds: number,
) {
  const left = Number(validBefore) - nowMs / 1000
  if (left > 0 && left <= maxTimeoutSeconds + skewSeconds) return
  const message = `it has to be valid for the next ${maxTimeoutSeconds} seconds, and no longer`
  throw new PaymentRefusedError('invalid_exact_evm_payload_authorization_valid_before', message)
}

/** Whether the money is here. What was spent on something else is refused. */
async function isPaid({ parameters, terms, payment }: Settler): Promise<boolean> {
  const { store, publicClient } = parameters
  const { requestHash } = payment
  if (store.get(payment.id)?.state === 'settled') return true
  const found = await findTransfer(publicClient, terms)
  if (found.state === 'spent') throw new PaymentRefusedError('authorization_already_used')
  if (found.state === 'unused') return false
  store.put(payment.id, { state: 'settled', transaction: found.transaction, requestHash })
  return true
}

async function requireValid({ parameters, payment }: Settler) {
  const facilitator = createFacilitator({ ...parameters, onSent: () => undefined })
  const { payload, requirements } = payment
  const { isValid, invalidReason, invalidMessage } = await facilitator.verify(payload, requirements)
  if (!isValid) throw new PaymentRefusedError(invalidReason ?? 'invalid_payment', invalidMessage)
}

/** Fields alone are on the chain for everybody to copy. */
async function requireSigned({ parameters, payment }: Settler) {
  const { publicClient, tokenDomain, chainId, token } = parameters
  const { authorization, signature } = payment.payload.payload as {
    authorization: Record<string, string>
    signature: Hex
  }
  const isSigned = await publicClient.verifyTypedData({
    ...{ address: payment.payer, signature, types: authorizationTypes },
    domain: { ...tokenDomain, chainId, verifyingContract: token },
    primaryType: 'TransferWithAuthorization',
    message: {
      ...{
        from: payment.payer,
        to: getAddress(authorization.to!),
        nonce: authorization.nonce as Hash,
      },
      value: BigInt(authorization.value!),
      validAfter: BigInt(authorization.validAfter!),
      validBefore: BigInt(authorization.validBefore!),
    },
  })
  if (!isSigned) throw new PaymentRefusedError('invalid_exact_evm_payload_signature')
}

async function settle(settler: Settler): Promise<SettledPayment> {
  const { parameters, payment } = settler
  const { store } = parameters
  const { id, payload, requirements, requestHash } = payment
  if (await isPaid(settler)) return settledOf(settler)
  store.put(id, { ...store.get(id), state: 'sending', requestHash })
  const onSent = (transaction: Hash) =>
    store.put(id, { state: 'sending', transaction, requestHash })
  const facilitator = createFacilitator({ ...parameters, onSent })
  const result = await facilitator.settle(payload, requirements).catch((cause) => {
    throw new PaymentUnsettledError(cause)
  })
  if (result.success) {
    store.put(id, { state: 'settled', transaction: result.transaction as Hash, requestHash })
    return settledOf(settler)
  }
  // Somebody else may have submitted it, or the answer to us was lost.
  if (await isPaid(settler)) return settledOf(settler)
  if (result.errorReason === 'settlement_pending') throw new PaymentUnsettledError()
  throw new PaymentRefusedError(result.errorReason ?? 'settlement_failed', result.errorMessage)
}

function settledOf({ parameters, terms, payment }: Settler): SettledPayment {
  const { store, token, chainId } = parameters
  const { id, payer } = payment
  const transaction = store.get(id)!.transaction!
  const network = `eip155:${chainId}` as const
  const header = encodePaymentResponseHeader({ success: true, transaction, network, payer })
  return {
    headers: { 'payment-response': header },
    proof: { scheme: 'x402', network, asset: token, amount: terms.amount, transaction },
  }
}
