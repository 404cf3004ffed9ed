import type { LanguageModelV4StreamPart, LanguageModelV4Usage } from '@ai-sdk/provider'

import { servedNameOf, textBytesOf } from '../openai/chatText.ts'
import type { Counted } from '../servedBackend.ts'
import {
  type AnswerBase,
  brokenOff,
  countedOf,
  finishOf,
  requireWhole,
  usageOf,
} from './completion.ts'

export type CreateChunkerParameters = {
  base: AnswerBase
  /** Whether the client asked for the counts of its stream. */
  wantsUsage: boolean
}

/** Puts the parts of the AI SDK's stream into the events of OpenAI's. */
export type Chunker = {
  /** Returns the data of the events that a part makes; throws what an error part holds, or `UpstreamError`. */
  take: (part: LanguageModelV4StreamPart) => string[]
  /** Throws `UpstreamError` if the stream has not come to its end. */
  requireEnd: () => void
  counted: () => Counted
}

type Delta = Record<string, unknown>

/** Creates what does so for one stream. */
export function createChunker({ base, wantsUsage }: CreateChunkerParameters): Chunker {
  const calls = new Map<string, number>()
  let servedModel = base.model
  let usage: LanguageModelV4Usage | undefined
  let textBytes = 0
  let isBegun = false
  let isOver = false

  const event = (fields: object) =>
    JSON.stringify({ ...base, object: 'chat.completion.chunk', model: servedModel, ...fields })

  function say(delta: Delta, finish: string | null = null) {
    textBytes += textBytesOf(delta)
    const role = isBegun ? {} : { role: 'assistant' }
    isBegun = true
    const choice = { index: 0, delta: { ...role, ...delta }, logprobs: null, finish_reason: finish }
    return [event({ choices: [choice] })]
  }

  function call(id: string, fields: Delta) {
    const index = calls.get(id) ?? calls.size
    calls.set(id, index)
    return say({ tool_calls: [{ index, ...fields }] })
  }

  function finish(part: Extract<LanguageModelV4StreamPart, { type: 'finish' }>) {
    requireWhole(part.finishReason)
    isOver = true
    usage = part.usage
    const counts = wantsUsage ? usageOf(usage) : undefined
    const counted = counts === undefined ? [] : [event({ choices: [], usage: counts })]
    return [...say({}, finishOf(part.finishReason)), ...counted]
  }

  function take(part: LanguageModelV4StreamPart): string[] {
    switch (part.type) {
      case 'response-metadata':
        servedModel = servedNameOf(part.modelId, servedModel)
        return []
      case 'text-delta':
        return say({ content: part.delta })
      case 'reasoning-delta':
        return say({ reasoning_content: part.delta })
      case 'tool-input-start': {
        const named = { name: part.toolName, arguments: '' }
        return call(part.id, { id: part.id, type: 'function', function: named })
      }
      case 'tool-input-delta':
        return call(part.id, { function: { arguments: part.delta } })
      case 'tool-call': {
        const { toolCallId: id, toolName: name, input } = part
        if (calls.has(id)) return []
        return call(id, { id, type: 'function', function: { name, arguments: input } })
      }
      case 'error':
        throw part.error
      case 'finish':
        return finish(part)
      default:
        return []
    }
  }

  return {
    take,
    requireEnd() {
      if (!isOver) throw brokenOff()
    },
    counted: () => countedOf(usage, { textBytes, servedModel }),
  }
}
