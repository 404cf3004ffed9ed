/** Headers with which clients, gateways and operators speak about payment and proof (docs/protocol/http.md). */
export const headers = {
  /** Request: 32 random bytes in hex that name the request; the same again asks for the same answer, and is paid once. */
  request: 'x-assay-request',
  /** Request: 32 random bytes in hex, from which both salts of the claim are derived. */
  secret: 'x-assay-secret',
  /** Request: a signed voucher, base64url of its JSON. */
  voucher: 'x-assay-voucher',
  /** Request: a signed tab order that the operator may carry out, base64url of its JSON. */
  order: 'x-assay-order',
  /** Request: `payment`, `hashed` or `public`. */
  privacy: 'x-assay-privacy',
  /** Request: model version or name that is meant, over what the body says. Response: the version that answered. */
  model: 'x-assay-model',
  /** Response: name of the model that the upstream reported. */
  servedModel: 'x-assay-served-model',
  /** Response: who answered. */
  operator: 'x-assay-operator',
  /** Response: id of the receipt, where it is known before the body. */
  receiptId: 'x-assay-receipt-id',
  /** Response: the receipt document, base64url of its JSON, where the body is not a stream. */
  receipt: 'x-assay-receipt',
  /** Response of a gateway: how many upstreams were asked. */
  attempts: 'x-assay-attempts',
  /** Response of a gateway: why it is this one that answered. */
  reason: 'x-assay-reason',
  /** Response: what stands behind the answer: `none`, `receipt`, `exact`. */
  verification: 'x-assay-verification',
} as const

/** What can be published of an answer besides its receipt (docs/protocol/receipts.md). */
export const privacyLevels = ['payment', 'hashed', 'public'] as const

export type PrivacyLevel = (typeof privacyLevels)[number]

/**
 * What stands behind an answer: nothing but the upstream's word, an operator's signed liability for what it said, or a
 * claim that anybody can refute by recomputing it.
 */
export const verificationLevels = ['none', 'receipt', 'exact'] as const

export type VerificationLevel = (typeof verificationLevels)[number]

/** Field of a stream's last event that holds the receipt document. */
export const receiptField = 'inference_receipt'
