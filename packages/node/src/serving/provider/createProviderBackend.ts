import type { LanguageModelV4, LanguageModelV4StreamPart, ProviderV4 } from '@ai-sdk/provider'
import type { Task } from '@assay/protocol/http'

import type { Clock } from '../../support/clock.ts'
import { answerWatched } from '../answerWatched.ts'
import type { Timeouts, Watchdog } from '../createWatchdog.ts'
import { UpstreamError } from '../errors.ts'
import { wantsUsage } from '../openai/requestFor.ts'
import type { ServedAnswer, ServedBackend, ServedRequest } from '../servedBackend.ts'
import { startEvents } from '../startEvents.ts'
import { type AnswerBase, completionOf } from './completion.ts'
import { type Chunker, createChunker } from './createChunker.ts'
import { draw } from './draw.ts'
import { embed } from './embed.ts'
import { providerFailureOf } from './providerFailureOf.ts'
import { toCallOptions } from './toCallOptions.ts'

export type CreateProviderBackendParameters = {
  /** A provider of the AI SDK. */
  provider: ProviderV4
  /** Name of the model there. */
  model: string
  tasks: readonly Exclude<Task, 'infer'>[]
  timeouts: Timeouts
  /** What the provider signs in with, so that nothing that it says tells it on. */
  secret: string | undefined
  clock: Clock
  /** Names an answer. */
  newId: () => string
}

/**
 * Creates a backend for a provider with an API of its own, put into OpenAI's form and back. It asks once: who asks again,
 * and whom, is for gateways to decide.
 *
 * @example
 * const provider = await loadProvider({ specifier: '@ai-sdk/anthropic', key, baseUrl, fetch })
 * const backend = createProviderBackend({ provider, model: 'claude-sonnet-5', tasks: ['chat'], ...rest })
 */
export function createProviderBackend(parameters: CreateProviderBackendParameters): ServedBackend {
  const { clock, timeouts, tasks } = parameters
  return {
    tasks,
    answer: (request, signal) =>
      answerWatched({
        ...{ clock, signal, totalMs: timeouts.totalMs },
        ask: (watchdog) => ask(parameters, request, watchdog),
        toError: (error, watched) => failureIn(parameters, error, watched),
      }),
  }
}

function failureIn(
  { secret, clock }: CreateProviderBackendParameters,
  error: unknown,
  signal: AbortSignal,
) {
  return providerFailureOf(error, { secret, now: clock.now(), signal })
}

async function ask(
  parameters: CreateProviderBackendParameters,
  request: ServedRequest,
  watchdog: Watchdog,
): Promise<ServedAnswer> {
  const { provider, model, clock, newId } = parameters
  const { signal } = watchdog
  const created = Math.floor(clock.now() / 1000)
  switch (request.task) {
    case 'embeddings':
      return embed(provider.embeddingModel(model), request, signal)
    case 'images':
      return draw(provider.imageModel(model), request, signal, created)
    case 'chat': {
      const base = { id: newId(), created, model }
      return chat(parameters, request, watchdog, base)
    }
    case 'infer':
      throw new UpstreamError({ failure: 'refused', message: 'The model takes no tensors.' })
  }
}

async function chat(
  parameters: CreateProviderBackendParameters,
  request: ServedRequest,
  watchdog: Watchdog,
  base: AnswerBase,
): Promise<ServedAnswer> {
  const { provider, model, timeouts } = parameters
  const languageModel: LanguageModelV4 = provider.languageModel(model)
  const options = await toCallOptions(request, languageModel, watchdog.signal)
  if (request.body.stream !== true) {
    return completionOf(await languageModel.doGenerate(options), base)
  }
  watchdog.allow(timeouts.firstTokenMs, 'its first token')
  const { stream } = await languageModel.doStream(options)
  const chunker = createChunker({ base, wantsUsage: wantsUsage(request) })
  const onPart = () => watchdog.allow(timeouts.betweenTokensMs, 'its next token')
  const events = await startEvents({
    events: readParts(stream, chunker, onPart),
    ...{ watchdog, betweenTokensMs: timeouts.betweenTokensMs },
    toError: (error) => failureIn(parameters, error, watchdog.signal),
  })
  return { kind: 'events', events, counted: chunker.counted }
}

/** Parts that say nothing, before the first that does, are no token. */
async function* readParts(
  stream: ReadableStream<LanguageModelV4StreamPart>,
  chunker: Chunker,
  onPart: () => void,
) {
  let isBegun = false
  for await (const part of stream) {
    const events = chunker.take(part)
    isBegun ||= events.length > 0
    if (isBegun) onPart()
    yield* events
  }
  chunker.requireEnd()
}
