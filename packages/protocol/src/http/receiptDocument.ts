import { z } from 'zod'

import { decodeHeader, encodeHeader, parseWire } from './base64url.ts'
import { addressField, hashField, hexField, uintField } from './fields.ts'

const receiptSchema = z.object({
  claimHash: hashField,
  payer: addressField,
  operator: addressField,
  sequence: uintField(64),
  fee: uintField(128),
  cumulativeFee: uintField(128),
  servedModel: hashField,
  unitsIn: uintField(64),
  unitsOut: uintField(64),
  issuedAt: uintField(64),
})

const claimSchema = z.object({
  requestId: hashField,
  model: hashField,
  operator: addressField,
  inputHash: hashField,
  outputHash: hashField,
  evidenceHash: hashField,
})

/** How the content of a claim's hashes is taken from what was sent. */
export const contentKinds = ['bytes', 'events', 'tensor'] as const

/** How the units of a receipt were counted: by the upstream, or by the operator from the bytes. */
export const usageSources = ['upstream', 'estimated'] as const

/** Shape of a receipt as it travels and is kept: everything that is needed to check it without a chain. */
export const receiptDocumentSchema = z.object({
  version: z.literal(1),
  chainId: z.number().int().positive(),
  ledger: addressField,
  receipt: receiptSchema,
  /** The operator's signature, or a signer's of it: 65 bytes. */
  signature: hexField,
  /** Absent where only the payment is shown. */
  claim: claimSchema.optional(),
  /** The name whose hash is `receipt.servedModel`. */
  servedModel: z.string().max(256),
  usage: z.enum(usageSources),
  /**
   * What the claim's output hash commits to. `bytes`: the body of the answer. `events`: the data of each event before the
   * receipt's, each followed by a line feed. `tensor`: the root of the output tensor.
   */
  content: z.enum(contentKinds),
  /** Secret from which the salts are derived, where the operator drew it. */
  secret: hashField.optional(),
  /** How it was paid, if not from a tab. */
  payment: z
    .object({
      scheme: z.literal('x402'),
      network: z.string().max(64),
      asset: addressField,
      amount: uintField(128),
      transaction: hashField,
    })
    .optional(),
})

/** A signed receipt with what it takes to check it. */
export type ReceiptDocument = z.output<typeof receiptDocumentSchema>

/** Reads a receipt document from its JSON value; throws `WireFormatError`. */
export function parseReceiptDocument(value: unknown): ReceiptDocument {
  return parseWire('receipt', receiptDocumentSchema, () => value)
}

/** Returns the JSON value of a receipt document: amounts and times are decimal strings. */
export function toReceiptJson(document: ReceiptDocument): Record<string, unknown> {
  return JSON.parse(stringify(document))
}

/** Returns the value of the header `x-assay-receipt`. */
export function encodeReceiptHeader(document: ReceiptDocument): string {
  return encodeHeader(stringify(document))
}

/** Reads the header `x-assay-receipt`; throws `WireFormatError`. */
export function decodeReceiptHeader(value: string): ReceiptDocument {
  return decodeHeader('receipt', receiptDocumentSchema, value)
}

function stringify(document: ReceiptDocument): string {
  return JSON.stringify(document, (_, value) => (typeof value === 'bigint' ? `${value}` : value))
}
