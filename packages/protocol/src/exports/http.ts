export { parseWire } from '../http/base64url.ts'
export { type ErrorBodyParameters, errorBody } from '../http/errorBody.ts'
export { AnswerMismatchError, OverpricedError, WireFormatError } from '../http/errors.ts'
export { eventContent } from '../http/eventContent.ts'
export { addressField, hashField, hexField, uintField } from '../http/fields.ts'
export {
  headers,
  type PrivacyLevel,
  privacyLevels,
  receiptField,
  type VerificationLevel,
  verificationLevels,
} from '../http/headers.ts'
export {
  type ChannelState,
  channelStateSchema,
  type ListedModel,
  type ModelCard,
  modelCardSchema,
  parseChannelState,
  parseModelList,
  type Task,
  tasks,
} from '../http/modelCard.ts'
export {
  feeOf,
  type Price,
  priceSchema,
  type QuoteOfParameters,
  quoteOf,
  type Usage,
} from '../http/price.ts'
export { type AnswerStream, eventsOf, readAnswerStream } from '../http/readAnswerStream.ts'
export {
  contentKinds,
  decodeReceiptHeader,
  encodeReceiptHeader,
  parseReceiptDocument,
  type ReceiptDocument,
  receiptDocumentSchema,
  toReceiptJson,
  usageSources,
} from '../http/receiptDocument.ts'
export { type Salts, saltsOf } from '../http/saltsOf.ts'
export {
  decodeOrderHeader,
  decodeVoucherHeader,
  encodeOrderHeader,
  encodeVoucherHeader,
  signedOrderSchema,
  signedVoucherSchema,
} from '../http/signedVoucher.ts'
export { type VerifyAnswerParameters, verifyAnswer } from '../http/verifyAnswer.ts'
export type { SignedOrder, SignedVoucher } from '../receipt/signed.ts'
