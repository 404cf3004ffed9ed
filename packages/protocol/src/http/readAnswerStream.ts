import { WireFormatError } from './errors.ts'
import { eventContent } from './eventContent.ts'
import { receiptField } from './headers.ts'
import { parseReceiptDocument, type ReceiptDocument } from './receiptDocument.ts'

/** Returns the data of the events of a stream that was kept as text (HTML, 9.2). */
export function eventsOf(text: string): string[] {
  return text
    .replace(/^\ufeff/, '')
    .replaceAll(/\r\n?/g, '\n')
    .split('\n\n')
    .map((event) =>
      event
        .split('\n')
        .filter((line) => line.startsWith('data:'))
        .map((line) => line.slice(line.startsWith('data: ') ? 6 : 5)),
    )
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
}

/** A stream taken apart: what its receipt commits to, and the receipt. */
export type AnswerStream = { content: Uint8Array; document: ReceiptDocument }

/**
 * Takes apart a stream that was kept as text, for example by `curl`. Throws `WireFormatError` if there is no receipt in it, if
 * anything but `[DONE]` follows it, or if it is malformed.
 *
 * @example
 * const { content, document } = readAnswerStream(text)
 * await verifyAnswer({ document, secret, request, response: content })
 */
export function readAnswerStream(text: string): AnswerStream {
  const events = eventsOf(text)
  const place = events.findIndex((data) => receiptOf(data) !== undefined)
  if (place === -1) throw new WireFormatError('stream', 'it has no receipt')
  if (events.slice(place + 1).some((data) => data !== '[DONE]')) {
    throw new WireFormatError('stream', 'it goes on after its receipt')
  }
  return {
    content: eventContent(events.slice(0, place)),
    document: parseReceiptDocument(receiptOf(events[place]!)),
  }
}

function receiptOf(data: string): unknown {
  // Parsing each token's event would be a waste.
  if (!data.includes(receiptField)) return undefined
  try {
    const value = JSON.parse(data)
    return Object.hasOwn(value, receiptField) ? value[receiptField] : undefined
  } catch {
    return undefined
  }
}
