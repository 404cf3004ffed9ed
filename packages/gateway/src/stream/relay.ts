import { errorBody, type ReceiptDocument, receiptField } from '@assay/protocol/http'

import type { StreamAnswer } from '../router/answer.ts'
import { AttemptError } from '../router/failure.ts'
import { classifyFault } from '../upstream/classify.ts'
import type { ServerEvent } from './createScanner.ts'

export type RelayParameters = {
  answer: StreamAnswer
  /** Told of every chunk that is passed on; nothing of one that is not. */
  record: (chunk: Uint8Array) => void
  /** Told how the stream ended: with a receipt or without one, or by what error. */
  ended: (end: { document?: ReceiptDocument | undefined; error?: AttemptError }) => void
}

/** What a relay knows of a stream. */
type State = {
  /** Data of the events that a receipt commits to. */
  contents: Uint8Array[]
  last: Uint8Array | undefined
  events: number
  /** The receipt's event, held back until it is checked. */
  receipt: { event: ServerEvent; value: unknown } | undefined
}

const decoder = new TextDecoder()
const done = Buffer.from('[DONE]')
const receiptMark = Buffer.from(`"${receiptField}"`)
const errorMark = Buffer.from('{"error"')
const [openBrace, closeBrace] = [0x7b, 0x7d]

/**
 * Passes a stream on as it comes, as fast as it is read. The receipt and `[DONE]` are passed on once the receipt is
 * checked; what fails ends with an error's event and without `[DONE]`.
 */
export function relay({ answer, record, ended }: RelayParameters): ReadableStream<Uint8Array> {
  const state: State = { contents: [], last: undefined, events: 0, receipt: undefined }
  let isOver = false

  /** Returns what to pass on of some events, and whether they are the end. */
  async function take(events: readonly ServerEvent[]): Promise<Uint8Array[]> {
    const out: Uint8Array[] = []
    for (const event of events) {
      const { data } = event
      if (data !== undefined && done.equals(data)) {
        await finish(out, event)
        return out
      }
      if (!hold(event)) out.push(event.raw)
      if (data !== undefined && startsWith(data, errorMark)) {
        throw new UpstreamErrorEvent(out)
      }
    }
    return out
  }

  async function finish(out: Uint8Array[], event: ServerEvent) {
    const { receipt, contents, last, events } = state
    if (receipt === undefined && answer.needsReceipt) {
      throw new AttemptError('invalid_receipt', 'The stream came without a receipt.')
    }
    if (receipt === undefined) {
      answer.finish(last, events)
      ended({})
    } else {
      const document = await answer.settle(receipt.value, contents)
      out.push(receipt.event.raw)
      ended({ document })
    }
    out.push(event.raw)
    isOver = true
  }

  /** Notes an event; returns whether it is the receipt's. Throws `AttemptError` for what cannot be part of an answer. */
  function hold(event: ServerEvent): boolean {
    const { data } = event
    if (data === undefined) return false
    if (state.receipt !== undefined) {
      throw new AttemptError('malformed', 'The stream goes on after its receipt.')
    }
    if (data[0] !== openBrace || data.at(-1) !== closeBrace) {
      throw new AttemptError('malformed', 'An event is not JSON.')
    }
    const value = receiptIn(data)
    if (value !== undefined) {
      state.receipt = { event, value }
      return true
    }
    state.events += 1
    state.last = data
    if (answer.needsReceipt) state.contents.push(data)
    return false
  }

  function fail(controller: ReadableStreamDefaultController<Uint8Array>, cause: unknown) {
    const error = classifyFault(cause)
    isOver = true
    answer.fail(error)
    ended({ error })
    const text = `data: ${JSON.stringify(bodyOf(error))}\n\n`
    controller.enqueue(cause instanceof UpstreamErrorEvent ? joined(cause.out) : Buffer.from(text))
    controller.close()
  }

  async function pull(controller: ReadableStreamDefaultController<Uint8Array>) {
    try {
      for (let hasPassed = false; !hasPassed && !isOver; ) {
        const events = state.events === 0 ? answer.head : await answer.next()
        if (isOver) return
        if (events === undefined) {
          throw new AttemptError('cut', 'The stream ended before its end was said.')
        }
        const chunk = joined(await take(events))
        if (chunk.length === 0) continue
        hasPassed = true
        record(chunk)
        controller.enqueue(chunk)
      }
      if (isOver) controller.close()
    } catch (error) {
      if (!isOver) fail(controller, error)
    }
  }

  function cancel() {
    if (isOver) return
    isOver = true
    const error = new AttemptError('cancelled', 'The client went away.')
    answer.fail(error)
    ended({ error })
  }

  return new ReadableStream<Uint8Array>({ pull, cancel }, { highWaterMark: 1 })
}

/** An upstream's own word that it failed, which is passed on as it is. */
class UpstreamErrorEvent extends AttemptError {
  override name = 'UpstreamErrorEvent'
  readonly out: Uint8Array[]

  constructor(out: Uint8Array[]) {
    super('cut', 'The upstream failed within its answer.')
    this.out = out
  }
}

/** The field can stand in an event as a text, too: only as a name it makes one the receipt's. */
function receiptIn(data: Uint8Array): unknown {
  if (Buffer.from(data.buffer, data.byteOffset, data.byteLength).indexOf(receiptMark) === -1) {
    return undefined
  }
  try {
    return (JSON.parse(decoder.decode(data)) as Record<string, unknown>)[receiptField]
  } catch {
    return undefined
  }
}

function startsWith(data: Uint8Array, start: Uint8Array) {
  return data.length >= start.length && start.every((byte, index) => data[index] === byte)
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)
}

function bodyOf({ kind, shortMessage }: AttemptError) {
  return errorBody({
    message: `The answer is incomplete: ${shortMessage}`,
    type: 'server_error',
    code: `upstream_${kind}`,
  })
}
