import { createParser } from 'eventsource-parser'

import { UpstreamError } from '../errors.ts'
import type { Counted } from '../servedBackend.ts'
import { malformed } from './answerOf.ts'
import { countOf, servedNameOf, textBytesOf } from './chatText.ts'
import { failureWithin } from './failureOf.ts'

// biome-ignore lint/suspicious/noExplicitAny: what an upstream sends has to be looked at first
type Json = any

export type CreateEventReaderParameters = {
  /** Name that the upstream was asked for. */
  model: string
  secret: string | undefined
  /** Whether the client asked for the event that only counts. */
  wantsUsage: boolean
  /** Told of every event, also of those that do not go on. */
  onEvent: () => void
}

/** Reads the events of OpenAI's stream. */
export type EventReader = {
  /** Data of the events, each in one line; throws `UpstreamError` for what is no stream, or ends before its end. */
  read: (chunks: AsyncIterable<Uint8Array>) => AsyncGenerator<string>
  counted: () => Counted
}

/** Creates what reads one stream and counts along. */
export function createEventReader(parameters: CreateEventReaderParameters): EventReader {
  const counter = createCounter(parameters)

  async function* read(chunks: AsyncIterable<Uint8Array>) {
    const decoder = new TextDecoder('utf-8', { fatal: true })
    const events: string[] = []
    const parser = createParser({ onEvent: ({ data }) => void events.push(data) })
    for await (const chunk of chunks) {
      parser.feed(decode(decoder, chunk))
      for (const data of events.splice(0)) {
        parameters.onEvent()
        if (data.trim() === '[DONE]') return counter.requireEnd()
        const line = counter.take(data)
        if (line !== undefined) yield line
      }
    }
    counter.requireEnd()
  }

  return { read, counted: counter.counted }
}

function createCounter({ model, secret, wantsUsage }: CreateEventReaderParameters) {
  const begun = new Set<number>()
  const finished = new Set<number>()
  let usage: Json
  let textBytes = 0
  let servedModel = model

  /** Returns what of an event goes on to the client. */
  function take(data: string): string | undefined {
    const chunk = parse(data)
    if (chunk.error !== undefined && chunk.error !== null) throw failureWithin(chunk.error, secret)
    if (!Array.isArray(chunk.choices)) throw malformed('an event without choices')
    if (chunk.usage !== undefined && chunk.usage !== null) usage = chunk.usage
    servedModel = servedNameOf(chunk.model, servedModel)
    for (const { index = 0, delta, finish_reason } of chunk.choices) {
      begun.add(index)
      textBytes += textBytesOf(delta)
      if (typeof finish_reason === 'string') finished.add(index)
    }
    const onlyCounts = chunk.choices.length === 0 && chunk.usage
    if (onlyCounts && !wantsUsage) return undefined
    // What is in several lines here would be several events to whoever joins lines.
    return data.includes('\n') ? JSON.stringify(chunk) : data
  }

  return {
    take,
    requireEnd() {
      if (begun.size > 0 && finished.size === begun.size) return
      const message = 'The answer of the model broke off.'
      throw new UpstreamError({ failure: 'truncated', message })
    },
    counted: (): Counted => ({
      unitsIn: countOf(usage?.prompt_tokens),
      unitsOut: countOf(usage?.completion_tokens),
      textBytes,
      servedModel,
    }),
  }
}

function decode(decoder: InstanceType<typeof TextDecoder>, chunk: Uint8Array) {
  try {
    return decoder.decode(chunk, { stream: true })
  } catch (cause) {
    throw malformed('bytes that are no text', cause)
  }
}

function parse(data: string): Json {
  try {
    const chunk = JSON.parse(data)
    if (typeof chunk === 'object' && chunk !== null) return chunk
  } catch (cause) {
    throw malformed('an event that is no JSON', cause)
  }
  throw malformed('an event that is no object')
}
