import type { Claim } from '@assay/protocol'
import type {
  ChannelState,
  PrivacyLevel,
  ReceiptDocument,
  SignedOrder,
  SignedVoucher,
  Usage,
} from '@assay/protocol/http'
import type { Address, Hash } from 'viem'

/** How a request is to be paid. */
export type Payment =
  | { kind: 'tab'; voucher: SignedVoucher; order?: SignedOrder | undefined }
  /** Paid by other means before the answer is given: the receipt charges nothing. */
  | { kind: 'paid'; payer: Address }
  /** For what costs nothing; the receipt goes to nobody's channel, that of the zero address. */
  | { kind: 'free' }

/** A request as the issuer needs to know it. */
export type AdmitParameters = {
  /** Name of the request: 32 bytes. */
  requestId: Hash
  /** keccak256 of everything that makes the request: a name that comes back with another is refused. */
  requestHash: Hash
  payment: Payment
  /** Most that it may cost, in token units. */
  quote: bigint
}

/** What was answered, as its receipt says it. */
export type Answered = Pick<
  Claim,
  'requestId' | 'model' | 'inputHash' | 'outputHash' | 'evidenceHash'
> &
  Usage & {
    /** Token units; at most the quote. */
    fee: bigint
    servedModel: string
    usage: ReceiptDocument['usage']
    content: ReceiptDocument['content']
    privacy: PrivacyLevel
    /** Goes into the document where the operator drew it, and is kept for data of batches at the level `public`. */
    secret: Hash
    isSecretOurs: boolean
    /** What paid for it, if not a tab. */
    payment?: ReceiptDocument['payment']
    /** Exact bytes of the request's body, which data of batches hold at the level `public`. */
    request: Uint8Array
    /** The answer, kept so that a repeated request gets it again. */
    reply: Reply
    /** Of exact models: what shows how the answer came about, kept under the id of the receipt. */
    trace?: Uint8Array | undefined
  }

/** An answer as it was sent: what a repeated request is answered with. */
export type Reply = {
  /** `application/json`, or `text/event-stream`, whose body is the data of its events, each followed by a line feed. */
  contentType: string
  /** What the receipt's output hash commits to, or of exact models the JSON that was sent. */
  body: Uint8Array
}

/** Leave to answer one request. */
export type Admission = {
  payer: Address
  /**
   * Writes the receipt down, signs it and returns it. Everything that follows from it is in the journal before anybody
   * sees the signature; the fee leaves the quote.
   */
  issue: (answered: Answered) => Promise<ReceiptDocument>
  /** Gives the quote back: the request failed, or nobody waits for it. Does nothing once a receipt is issued. */
  cancel: () => void
}

/** What came of asking to be admitted. */
export type Admitted =
  | { kind: 'admitted'; admission: Admission }
  /** It was answered before: the same again. */
  | { kind: 'repeated'; document: ReceiptDocument; reply: Reply }

/** Keeps channels and signs receipts: the one place in an operator where a receipt comes into being. */
export type Issuer = {
  /**
   * Admits a request. Throws `VoucherRefusedError` (whose `code` and `numbers` are the wire's), `RequestReusedError`,
   * `RequestUnderWayError`, `ChannelBusyError` or `ChainUnknownError`.
   */
  admit: (parameters: AdmitParameters) => Promise<Admitted>
  /** Signs what an earlier process wrote down and did not sign. Called before the first request. */
  recover: () => Promise<void>
  /** Returns where a channel stands. */
  channelOf: (payer: Address) => ChannelState
}
