import { headers as names, parseReceiptDocument } from '@assay/protocol/http'

import { createScanner, type ServerEvent } from '../stream/createScanner.ts'
import { isContent } from '../stream/isContent.ts'
import { classifyFault } from '../upstream/classify.ts'
import { requireServed } from '../upstream/servedName.ts'
import type { StreamAnswer } from './answer.ts'
import type { Attempt, CreateAskerDependencies } from './createAsker.ts'
import { AttemptError } from './failure.ts'
import { feeWithoutReceipt } from './feeWithoutReceipt.ts'
import { invalid } from './openCharge.ts'
import { checksOf, headerOf, needsReceipt } from './readBodyAnswer.ts'

const decoder = new TextDecoder()

/** Reads a stream until its first content; throws `AttemptError`. */
export async function readStreamAnswer(
  dependencies: CreateAskerDependencies,
  attempt: Attempt,
): Promise<StreamAnswer> {
  const { rated, request, charge, response } = attempt
  const { clock, budgets, verifier } = dependencies
  const type = headerOf(attempt, 'content-type')
  if (!type?.startsWith('text/event-stream')) {
    throw new AttemptError('malformed', `The answer is ${type}, not a stream of events.`)
  }
  const read = createReader(attempt, budgets.betweenTokensMs)
  const head: ServerEvent[] = []
  let served = headerOf(attempt, names.servedModel)
  for (let hasContent = false; !hasContent; ) {
    const events = await read.next()
    if (events === undefined) throw new AttemptError('cut', 'The stream ended before it began.')
    for (const event of events) {
      head.push(event)
      if (hasContent || event.data === undefined) continue
      const chunk = chunkOf(event.data)
      if (typeof chunk.model === 'string') served = chunk.model
      hasContent = isContent(chunk) ?? false
    }
  }
  requireServed(rated.offer, served)
  read.begin()

  return {
    ...{ kind: 'stream', rated, head, served, next: read.next },
    elapsedMs: clock.elapsed() - attempt.startedAt,
    needsReceipt: needsReceipt(attempt),
    async settle(document, contents) {
      try {
        const parsed = parseReceiptDocument(document)
        const content = contentOf(contents)
        await verifier.verifyFresh(checksOf(attempt, parsed, content), rated.upstream)
        await charge.accept(parsed)
        read.end()
        return parsed
      } catch (error) {
        throw error instanceof AttemptError ? error : invalid(error as Error)
      }
    },
    finish(last, events) {
      charge.count(feeWithoutReceipt(rated.offer, request, usageOf(last), events))
      charge.release()
      read.end()
    },
    fail(error) {
      charge.release()
      read.end()
      attempt.abort(error)
      response.discard()
      if (error.kind !== 'cancelled') void rated.health.failed(error)
    },
  }
}

/** Cuts chunks into events. Once the answer began, silence of the upstream ends it; that of the client does not. */
function createReader({ response, abort }: Attempt, betweenTokensMs: number) {
  const scanner = createScanner()
  let timer: NodeJS.Timeout | undefined
  let isWaiting = false
  const silent = () => {
    if (isWaiting) abort(new AttemptError('idle_timeout', `Silence for ${betweenTokensMs} ms.`))
  }

  async function next(): Promise<readonly ServerEvent[] | undefined> {
    timer?.refresh()
    isWaiting = true
    try {
      const chunk = await response.read()
      if (chunk !== undefined) return scanner.push(chunk)
      if (scanner.hasRest()) throw new AttemptError('cut', 'The stream ended within an event.')
      return undefined
    } catch (error) {
      const fault = classifyFault(error)
      if (fault.kind !== 'refused') throw fault
      throw new AttemptError('cut', 'The upstream broke off.', { cause: error })
    } finally {
      isWaiting = false
    }
  }
  return {
    next,
    begin() {
      timer = setTimeout(silent, betweenTokensMs)
    },
    end: () => clearTimeout(timer),
  }
}

/** Reads an event before the first content; throws `AttemptError` for an error and for what is no chunk. */
function chunkOf(data: Uint8Array): Record<string, unknown> {
  const text = decoder.decode(data)
  if (text === '[DONE]') throw new AttemptError('malformed', 'The stream has no content.')
  let chunk: Record<string, unknown> | null
  try {
    chunk = JSON.parse(text)
  } catch (cause) {
    throw new AttemptError('malformed', 'An event is not JSON.', { cause })
  }
  if (typeof chunk !== 'object' || chunk === null) {
    throw new AttemptError('malformed', 'An event is no object.')
  }
  if (chunk.error !== undefined) {
    throw new AttemptError('server_error', 'The stream began with an error.')
  }
  return chunk
}

const lineFeed = new Uint8Array([10])

/** What a stream's receipt commits to: `eventContent`, of bytes. */
function contentOf(contents: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(contents.flatMap((data) => [data, lineFeed]))
}

function usageOf(data: Uint8Array | undefined): unknown {
  try {
    return data && (JSON.parse(decoder.decode(data)) as { usage?: unknown }).usage
  } catch {
    return undefined
  }
}
