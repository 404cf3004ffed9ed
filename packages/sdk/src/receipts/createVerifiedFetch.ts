import type { Deployment } from '@assay/protocol'
import {
  decodeReceiptHeader,
  headers as names,
  type ReceiptDocument,
  verifyAnswer,
} from '@assay/protocol/http'
import { SignerMismatchError } from '@assay/protocol/receipt'
import { type Address, bytesToHex, type Hash, isAddressEqual, isHash } from 'viem'

import { ReceiptForeignError, ReceiptMissingError } from './errors.ts'
import { verifyStream } from './verifyStream.ts'

type Fetch = typeof globalThis.fetch

/** An answer whose receipt was checked. */
export type VerifiedAnswer = {
  document: ReceiptDocument
  /** Secret of the claim's salts: with it, and the bytes, anybody can check the same. */
  secret: Hash
}

export type CreateVerifiedFetchParameters = {
  fetch: Fetch
  /** Where receipts have to be binding. */
  deployment: Pick<Deployment, 'chainId' | 'ledger'>
  /** Whether a key other than the operator's own binds it, as `getReceiptSigner` tells; by default none does. */
  isSigner?: (signer: Address, document: ReceiptDocument) => boolean | Promise<boolean>
  /** Throws for receipts that are not wanted: of another operator, another model version, too dear. */
  accept?: (document: ReceiptDocument) => void | Promise<void>
  /** Told of every answer that was checked, to keep its receipt. */
  onAnswer?: (answer: VerifiedAnswer) => void
}

/**
 * Creates a `fetch` that believes no answer without its receipt, whoever carried it: give it to a client of OpenAI's API as its
 * `fetch`. Each request gets a secret of its own, so no old answer fits it. Rejects, or breaks a stream off before its end, with
 * what `verifyAnswer` throws, `ReceiptMissingError`, `ReceiptForeignError` or `WireFormatError`. Answers that are errors, and
 * reads, are returned as they are.
 *
 * @example
 * const openai = new OpenAI({ baseURL: 'http://gateway/v1', apiKey, fetch: createVerifiedFetch({ fetch, deployment }) })
 */
export function createVerifiedFetch(parameters: CreateVerifiedFetchParameters): Fetch {
  return async (input, init) => {
    const asked = new Request(input, init)
    if (asked.method !== 'POST') return parameters.fetch(asked)
    const request = new Uint8Array(await asked.clone().arrayBuffer())
    const secret = secretOf(asked)
    asked.headers.set(names.secret, secret)
    const response = await parameters.fetch(asked)
    if (!response.ok || response.body === null) return response
    const check = (document: ReceiptDocument, content: Uint8Array | undefined) =>
      verify(parameters, { document, secret, request, content })
    const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true
    return isStream ? verifyStream(response, check) : verifyBody(response, check)
  }
}

function secretOf({ headers }: Request): Hash {
  const given = headers.get(names.secret)
  return given !== null && isHash(given)
    ? given
    : bytesToHex(crypto.getRandomValues(new Uint8Array(32)))
}

/** Checks a receipt and what it commits to. */
export type CheckAnswer = (
  document: ReceiptDocument,
  content: Uint8Array | undefined,
) => Promise<void>

async function verifyBody(response: Response, check: CheckAnswer): Promise<Response> {
  const bytes = new Uint8Array(await response.arrayBuffer())
  const header = response.headers.get(names.receipt)
  if (header === null) throw new ReceiptMissingError()
  const document = decodeReceiptHeader(header)
  // The roots of an exact model's tensors are recomputed by who has the model.
  await check(document, document.content === 'bytes' ? bytes : undefined)
  return new Response(bytes, response)
}

type Answer = {
  document: ReceiptDocument
  secret: Hash
  request: Uint8Array
  content: Uint8Array | undefined
}

async function verify(
  { deployment, isSigner, accept, onAnswer }: CreateVerifiedFetchParameters,
  { document, secret, request, content }: Answer,
) {
  const { chainId, ledger } = deployment
  if (document.chainId !== chainId || !isAddressEqual(document.ledger, ledger)) {
    throw new ReceiptForeignError(document)
  }
  const given = { document, secret, request, ...(content && { response: content }) }
  try {
    await verifyAnswer(given)
  } catch (error) {
    const signer = error instanceof SignerMismatchError ? error.signer : undefined
    if (signer === undefined || !(await isSigner?.(signer, document))) throw error
    await verifyAnswer({ ...given, signers: [signer] })
  }
  await accept?.(document)
  onAnswer?.({ document, secret })
}
