import type {
  LanguageModelV4FinishReason,
  LanguageModelV4GenerateResult,
  LanguageModelV4Usage,
} from '@ai-sdk/provider'
import { stringToBytes } from 'viem'

import { UpstreamError } from '../errors.ts'
import { countOf, servedNameOf, textBytesOf } from '../openai/chatText.ts'
import type { Counted, ServedAnswer } from '../servedBackend.ts'

/** What the chunks and bodies of an answer have in common. */
export type AnswerBase = {
  id: string
  /** Unix time in seconds. */
  created: number
  model: string
}

const finishReasons: Record<LanguageModelV4FinishReason['unified'], string> = {
  stop: 'stop',
  length: 'length',
  'tool-calls': 'tool_calls',
  'content-filter': 'content_filter',
  error: 'stop',
  interrupted: 'stop',
  other: 'stop',
}

/** Returns why an answer ended, in OpenAI's terms. */
export function finishOf({ unified }: LanguageModelV4FinishReason): string {
  return finishReasons[unified]
}

/** Providers end in order what broke off, and say so by their reason; throws `UpstreamError`. */
export function requireWhole({ unified, raw }: LanguageModelV4FinishReason) {
  const isUnexplained = unified === 'other' && raw === undefined
  if (unified === 'error' || unified === 'interrupted' || isUnexplained) throw brokenOff()
}

/** Returns the error of an answer that ended before its end. */
export function brokenOff(): UpstreamError {
  const message = 'The answer of the model broke off.'
  return new UpstreamError({ failure: 'truncated', message })
}

/** Returns what was counted, in OpenAI's terms. */
export function usageOf({ inputTokens, outputTokens }: LanguageModelV4Usage) {
  const [input, output] = [inputTokens.total, outputTokens.total]
  if (input === undefined || output === undefined) return undefined
  return {
    ...{ prompt_tokens: input, completion_tokens: output, total_tokens: input + output },
    prompt_tokens_details: { cached_tokens: inputTokens.cacheRead ?? 0 },
    completion_tokens_details: { reasoning_tokens: outputTokens.reasoning ?? 0 },
  }
}

/** Returns what was counted, in our terms. */
export function countedOf(
  usage: LanguageModelV4Usage | undefined,
  rest: Pick<Counted, 'textBytes' | 'servedModel'>,
): Counted {
  return {
    unitsIn: countOf(usage?.inputTokens.total),
    unitsOut: countOf(usage?.outputTokens.total),
    ...rest,
  }
}

/** Returns a result of the AI SDK as OpenAI's API has it; throws `UpstreamError` for half of one. */
export function completionOf(
  { content, finishReason, usage, response }: LanguageModelV4GenerateResult,
  base: AnswerBase,
): ServedAnswer {
  requireWhole(finishReason)
  const joined = (kind: 'text' | 'reasoning') =>
    content.map((part) => (part.type === kind && 'text' in part ? part.text : '')).join('')
  const calls = content.filter((part) => part.type === 'tool-call')
  const reasoning = joined('reasoning')
  const message = {
    role: 'assistant',
    content: calls.length > 0 ? joined('text') || null : joined('text'),
    refusal: null,
    ...(reasoning !== '' && { reasoning_content: reasoning }),
    ...(calls.length > 0 && {
      tool_calls: calls.map(({ toolCallId, toolName, input }) => ({
        ...{ id: toolCallId, type: 'function', function: { name: toolName, arguments: input } },
      })),
    }),
  }
  const servedModel = servedNameOf(response?.modelId, base.model)
  const choice = { index: 0, message, logprobs: null, finish_reason: finishOf(finishReason) }
  const counts = usageOf(usage)
  const body = {
    ...{ ...base, object: 'chat.completion', model: servedModel, choices: [choice] },
    ...(counts && { usage: counts }),
  }
  const counted = countedOf(usage, { textBytes: textBytesOf(message), servedModel })
  return { kind: 'body', bytes: stringToBytes(JSON.stringify(body)), counted }
}
