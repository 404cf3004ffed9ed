import { type ReceiptDocument, receiptField, toReceiptJson } from '@assay/protocol/http'

import type { Silence } from '../watchSilence.ts'

export type SendEventsParameters = {
  /** Data of each event, in one line. */
  events: AsyncIterator<string>
  /** Told once they are over; returns the receipt. */
  onEnd: (sent: readonly string[]) => Promise<ReceiptDocument>
  /** Told when the answer breaks off; returns the body of the error to send. */
  onError: (error: unknown) => object
  /** Told when the client went away. */
  onCancel: () => void
  /** Calls back after every time of silence; `heard` says that it was broken. */
  watchSilence: (onSilence: () => void) => Silence
  headers: Record<string, string>
}

const encoder = new TextEncoder()
const frameOf = (data: string) => encoder.encode(`data: ${data}\n\n`)

/** Returns a stream of events: as they come, no faster than they are read, and its receipt before `[DONE]`. */
export function sendEvents(parameters: SendEventsParameters): Response {
  const { events, onEnd, onError, onCancel, watchSilence, headers } = parameters
  const sent: string[] = []
  let pending: Promise<IteratorResult<string>> | undefined
  let onSilence = () => {}
  const silence = watchSilence(() => onSilence())

  /** The next event, or nothing when it is quiet for too long. */
  async function next() {
    pending ??= events.next()
    const quiet = new Promise<undefined>((resolve) => {
      onSilence = () => resolve(undefined)
    })
    const first = await Promise.race([pending, quiet])
    silence.heard()
    if (first !== undefined) pending = undefined
    return first
  }

  async function step(): Promise<{ frames: Uint8Array[]; isOver: boolean }> {
    try {
      const event = await next()
      if (event === undefined)
        return { frames: [encoder.encode(': keep-alive\n\n')], isOver: false }
      if (!event.done) {
        sent.push(event.value)
        return { frames: [frameOf(event.value)], isOver: false }
      }
      const receipt = receiptEvent(await onEnd(sent), sent[0])
      return { frames: [frameOf(receipt), frameOf('[DONE]')], isOver: true }
    } catch (error) {
      return { frames: [frameOf(JSON.stringify(onError(error)))], isOver: true }
    }
  }

  const stream = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { frames, isOver } = await step()
        for (const frame of frames) controller.enqueue(frame)
        if (!isOver) return
        silence.stop()
        controller.close()
      },
      async cancel() {
        silence.stop()
        onCancel()
        await events.return?.()
      },
    },
    { highWaterMark: 0 },
  )
  return new Response(stream, { headers: { ...headers, ...eventHeaders } })
}

const eventHeaders = {
  'content-type': 'text/event-stream; charset=utf-8',
  // Proxies that collect what they pass on would hold back every token.
  'x-accel-buffering': 'no',
}

/** A chunk without choices, with what the others of its stream have in common. */
function receiptEvent(document: ReceiptDocument, first: string | undefined): string {
  const { id, created, model } = first === undefined ? {} : JSON.parse(first)
  const chunk = { id, object: 'chat.completion.chunk', created, model, choices: [] }
  return JSON.stringify({ ...chunk, [receiptField]: toReceiptJson(document) })
}
