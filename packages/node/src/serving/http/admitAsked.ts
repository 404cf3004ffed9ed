import { type Hash, keccak256, stringToBytes } from 'viem'

import type { AdmitParameters, Admitted, Payment } from '../../receipts/issuer.ts'
import { PaymentRequiredError } from '../errors.ts'
import type { Asked, ServingDependencies } from './serving.ts'

/** Asks the issuer for leave to answer; throws what it throws, or `PaymentRequiredError`. */
export async function admitAsked(asked: Asked, { issuer }: ServingDependencies): Promise<Admitted> {
  const parameters: AdmitParameters = {
    requestId: asked.terms.requestId,
    requestHash: requestHashOf(asked),
    payment: paymentOf(asked),
    quote: asked.quote,
  }
  return issuer.admit(parameters)
}

function paymentOf({ terms, model, quote }: Asked): Payment {
  const { voucher, order } = terms
  if (voucher !== undefined) return { kind: 'tab', voucher, order }
  if (quote === 0n && model.payments.includes('free')) return { kind: 'free' }
  throw new PaymentRequiredError({ quote })
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
