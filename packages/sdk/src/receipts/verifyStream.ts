import { eventContent, eventsOf, parseReceiptDocument, receiptField } from '@assay/protocol/http'

import type { CheckAnswer } from './createVerifiedFetch.ts'
import { ReceiptMissingError } from './errors.ts'

const done = '[DONE]'

/** Passes events on as they come; the receipt's event and `[DONE]` only once they are what they have to be. */
export function verifyStream(response: Response, check: CheckAnswer): Response {
  const decoder = new TextDecoder()
  const encoder = new TextEncoder()
  const contents: string[] = []
  let held = ''
  let state: 'open' | 'checked' | 'failed' = 'open'

  async function take(event: string) {
    const [data] = eventsOf(event)
    if (data === undefined) return
    if (data === done) return requireChecked()
    const value = parse(data)
    if (Object.hasOwn(value, receiptField)) {
      const document = parseReceiptDocument(value[receiptField])
      await check(document, eventContent(contents))
      state = 'checked'
    } else if (Object.hasOwn(value, 'error')) {
      state = 'failed'
    } else {
      // What follows a receipt is bound by none.
      if (state === 'checked') throw new ReceiptMissingError()
      contents.push(data)
    }
  }

  function requireChecked() {
    if (state === 'open') throw new ReceiptMissingError()
  }

  const verified = new TransformStream<Uint8Array, Uint8Array>({
    async transform(chunk, controller) {
      held += decoder.decode(chunk, { stream: true })
      for (let end = endOf(held); end !== undefined; end = endOf(held)) {
        const event = held.slice(0, end)
        held = held.slice(end)
        await take(event)
        controller.enqueue(encoder.encode(event))
      }
    },
    async flush(controller) {
      if (held !== '') await take(held)
      requireChecked()
      controller.enqueue(encoder.encode(held))
    },
  })
  return new Response(response.body!.pipeThrough(verified), response)
}

/** Place after the first blank line. */
function endOf(text: string): number | undefined {
  const match = /\r\n\r\n|\n\n|\r\r/.exec(text)
  return match === null ? undefined : match.index + match[0].length
}

function parse(data: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(data)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
