import type { Charge } from '@assay/x402'
import { type Hash, keccak256, stringToBytes } from 'viem'

import type { Admitted, Payment } from '../../receipts/issuer.ts'
import { PaymentRequiredError } from '../errors.ts'
import type { Asked, ServingDependencies } from './serving.ts'

/**
 * Asks the issuer for leave to answer; throws what it and the paywall throw, or `PaymentRequiredError`. Who pays by x402 names the
 * request by the payment: nothing else would keep one payment from buying two answers.
 */
export async function admitAsked(
  asked: Asked,
  { issuer, paywall }: ServingDependencies,
): Promise<Admitted> {
  const { quote, signature, model } = asked
  const requestHash = requestHashOf(asked)
  const tab = paymentOf(asked)
  if (tab !== undefined) {
    const { requestId } = asked.terms
    return issuer.admit({ requestId, requestHash, payment: tab, quote })
  }
  if (paywall === undefined || !model.payments.includes('x402')) {
    throw new PaymentRequiredError({ quote })
  }
  const charge = chargeOf(asked, requestHash)
  if (signature === undefined) {
    throw new PaymentRequiredError({ quote, headers: paywall.challenge(charge) })
  }
  asked.sale = await paywall.verify(signature, charge)
  const { id: requestId, payer } = asked.sale
  asked.terms.requestId = requestId
  return issuer.admit({ requestId, requestHash, payment: { kind: 'paid', payer }, quote: 0n })
}

function chargeOf({ url, model, quote, request }: Asked, requestHash: Hash): Charge {
  const description = `One answer of ${model.name} (${request.task})`
  return { resource: url, description, amount: quote, requestHash }
}

function paymentOf({ terms, model, quote }: Asked): Payment | undefined {
  const { voucher, order } = terms
  if (voucher !== undefined) return { kind: 'tab', voucher, order }
  return quote === 0n && model.payments.includes('free') ? { kind: 'free' } : undefined
}

/**
 * Names everything that an answer depends on. A secret that the operator drew is no part of it: who repeats a request
 * that named none is to get the same answer.
 */
function requestHashOf({ request, terms, model }: Asked): Hash {
  const { isSecretOurs, secret, privacy, voucher } = terms
  const context = {
    ...{ task: request.task, model: model.version, name: model.name, privacy },
    secret: isSecretOurs ? null : secret,
    payer: voucher?.payer ?? null,
  }
  return keccak256(stringToBytes(JSON.stringify([context, keccak256(request.bytes)])))
}
