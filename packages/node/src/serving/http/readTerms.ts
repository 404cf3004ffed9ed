import {
  decodeOrderHeader,
  decodeVoucherHeader,
  hashField,
  headers as names,
  type PrivacyLevel,
  privacyLevels,
  type SignedOrder,
  type SignedVoucher,
} from '@assay/protocol/http'
import type { Hash } from 'viem'

import { RequestError } from '../errors.ts'

/** How a request is to be named, hidden and paid. */
export type Terms = {
  requestId: Hash
  secret: Hash
  /** Whether the client named no secret of its own. */
  isSecretOurs: boolean
  privacy: PrivacyLevel
  /** Name or version of the model, over the one in the body. */
  model: string | undefined
  voucher: SignedVoucher | undefined
  order: SignedOrder | undefined
}

/** Reads the headers of a request; throws `RequestError` or `WireFormatError`. */
export function readTerms(headers: Pick<Headers, 'get'>, random: () => Hash): Terms {
  const value = <output>(name: string, read: (text: string) => output) => {
    const text = headers.get(name)
    return text === null ? undefined : read(text)
  }
  const secret = value(names.secret, (text) => readHash(names.secret, text))
  return {
    requestId: value(names.request, (text) => readHash(names.request, text)) ?? random(),
    secret: secret ?? random(),
    isSecretOurs: secret === undefined,
    privacy: value(names.privacy, readPrivacy) ?? 'hashed',
    model: value(names.model, (text) => text),
    voucher: value(names.voucher, decodeVoucherHeader),
    order: value(names.order, decodeOrderHeader),
  }
}

function readHash(name: string, text: string): Hash {
  const { success, data } = hashField.safeParse(text)
  if (success) return data
  throw invalid(name, 'not 32 bytes in hex')
}

function readPrivacy(text: string): PrivacyLevel {
  const level = privacyLevels.find((known) => known === text)
  if (level !== undefined) return level
  throw invalid(names.privacy, `none of ${privacyLevels.join(', ')}`)
}

function invalid(name: string, reason: string) {
  const message = `The header ${name} is ${reason}.`
  return new RequestError({ status: 400, code: 'invalid_header', message, param: name })
}
