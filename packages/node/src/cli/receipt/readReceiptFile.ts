import {
  decodeReceiptHeader,
  parseReceiptDocument,
  type ReceiptDocument,
  readAnswerStream,
} from '@assay/protocol/http'

import { ConfigError } from '../errors.ts'
import { readBytes } from '../model/readBytes.ts'

/** A receipt as it was kept. */
export type KeptReceipt = {
  document: ReceiptDocument
  /** Of a stream, what the receipt commits to. */
  content?: Uint8Array
}

const maxBytes = 100 * 2 ** 20

/** Reads a file of an answer's size. */
export function readContent(file: string): Promise<Uint8Array> {
  return readBytes(file, maxBytes)
}

/** Reads a receipt document as JSON or as the header has it, or out of a stream that ends with one. Throws `WireFormatError` or `ConfigError`. */
export async function readReceiptFile(file: string): Promise<KeptReceipt> {
  const text = new TextDecoder().decode(await readContent(file)).trim()
  if (/^(data|event|id|:)/.test(text)) return readAnswerStream(text)
  if (!text.startsWith('{')) return { document: decodeReceiptHeader(text) }
  try {
    return { document: parseReceiptDocument(JSON.parse(text)) }
  } catch (cause) {
    if (cause instanceof SyntaxError) throw new ConfigError(`${file} is not JSON.`, { cause })
    throw cause
  }
}
