export {
  type Batch,
  type BatchSettled,
  batchOf,
  type RefundBatchParameters,
  type RefundOutcomesParameters,
  type ReservationParameters,
  readBatchNumber,
  refundBatch,
  refundOutcomes,
  reservationOf,
} from '../receipt/batch.ts'
export { canonicalJson } from '../receipt/canonicalJson.ts'
export {
  type Authority,
  type CollectionsOfReturnType,
  collectionsOf,
  type VoucherCollection,
} from '../receipt/collectionsOf.ts'
export { type CommitContentParameters, commitContent } from '../receipt/commitContent.ts'
export {
  type Collection,
  type EncodeCollectionParameters,
  encodeCollection,
} from '../receipt/encodeCollection.ts'
export {
  type EncodeReceiptContextParameters,
  encodeReceiptContext,
} from '../receipt/encodeReceiptContext.ts'
export {
  CanonicalJsonError,
  OutcomesMalformedError,
  ReceiptClaimError,
  ReceiptFieldError,
  SessionKeyError,
  SignerMismatchError,
} from '../receipt/errors.ts'
export { type LedgerDomainParameters, ledgerDomain } from '../receipt/ledgerDomain.ts'
export {
  type CollectionStatus,
  collectionStatuses,
  decodeOutcomes,
  encodeOutcomes,
  hashOutcomes,
  type Outcome,
} from '../receipt/outcomes.ts'
export { type Receipt, receiptTypes } from '../receipt/receipt.ts'
export { receiptIdOf } from '../receipt/receiptIdOf.ts'
export { receiptTree } from '../receipt/receiptTree.ts'
export { servedModelOf } from '../receipt/servedModelOf.ts'
export type {
  SignedOrder,
  SignedReceipt,
  SignedSessionKey,
  SignedVoucher,
} from '../receipt/signed.ts'
export {
  type OrderTypedDataParameters,
  orderTypedData,
  type ReceiptTypedDataParameters,
  receiptTypedData,
  type SessionTypedDataParameters,
  sessionTypedData,
  type VoucherTypedDataParameters,
  voucherTypedData,
} from '../receipt/typedData.ts'
export { type VerifyReceiptParameters, verifyReceipt } from '../receipt/verifyReceipt.ts'
export { type VerifyVoucherParameters, verifyVoucher } from '../receipt/verifyVoucher.ts'
export {
  type SessionKey,
  sessionKeyTypes,
  type TabOrder,
  tabOrderTypes,
  type Voucher,
  voucherTypes,
} from '../receipt/voucher.ts'
