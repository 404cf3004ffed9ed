import type { JSONSchema7, LanguageModelV4, LanguageModelV4CallOptions } from '@ai-sdk/provider'

import { RequestError } from '../errors.ts'
import type { ServedRequest } from '../servedBackend.ts'
import { type Chat, chatSchema } from './messages.ts'
import { toPrompt } from './toPrompt.ts'

/** Returns a chat of OpenAI's API in the AI SDK's terms; throws `RequestError` for what has no place there. */
export async function toCallOptions(
  { body, maxUnitsOut }: Pick<ServedRequest, 'body' | 'maxUnitsOut'>,
  model: Pick<LanguageModelV4, 'supportedUrls'>,
  abortSignal: AbortSignal,
): Promise<LanguageModelV4CallOptions> {
  const chat = parse(body)
  const urls = await model.supportedUrls
  const takesUrl = (mediaType: string, url: string) =>
    (urls[mediaType] ?? urls['*/*'] ?? []).some((pattern) => pattern.test(url))
  return defined({
    prompt: toPrompt(chat.messages, takesUrl),
    maxOutputTokens: maxUnitsOut,
    temperature: chat.temperature,
    topP: chat.top_p,
    presencePenalty: chat.presence_penalty,
    frequencyPenalty: chat.frequency_penalty,
    seed: chat.seed,
    stopSequences: typeof chat.stop === 'string' ? [chat.stop] : chat.stop,
    reasoning: chat.reasoning_effort,
    responseFormat: formatOf(chat),
    tools: chat.tools?.map(toolOf),
    toolChoice: choiceOf(chat),
    abortSignal,
  })
}

function parse(body: Record<string, unknown>): Chat {
  const { success, data, error } = chatSchema.safeParse(body)
  if (success) return data
  const [issue] = error.issues
  const param = issue?.path.join('.') || 'body'
  const message = `${issue?.message}: ${param}`
  throw new RequestError({ status: 400, code: 'invalid_value', message, param })
}

function toolOf({
  function: { name, description, parameters, strict },
}: NonNullable<Chat['tools']>[number]) {
  return {
    ...{ type: 'function' as const, name },
    inputSchema: (parameters ?? { type: 'object', properties: {} }) as JSONSchema7,
    ...(description !== undefined && { description }),
    ...(typeof strict === 'boolean' && { strict }),
  }
}

function choiceOf({ tool_choice: choice }: Chat): LanguageModelV4CallOptions['toolChoice'] {
  if (choice === null || choice === undefined) return undefined
  return typeof choice === 'string'
    ? { type: choice }
    : { type: 'tool', toolName: choice.function.name }
}

function formatOf({ response_format: format }: Chat): LanguageModelV4CallOptions['responseFormat'] {
  if (format === null || format === undefined) return undefined
  if (format.type === 'text') return { type: 'text' }
  if (format.type === 'json_object') return { type: 'json' }
  const { name, description, schema } = format.json_schema
  return {
    type: 'json',
    ...(schema !== undefined && { schema: schema as JSONSchema7 }),
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
  }
}

type Defined<fields> = { [name in keyof fields]: Exclude<fields[name], null | undefined> }

/** Leaves out what was not said: providers warn about fields that they do not know, whatever their value. */
function defined<fields extends { prompt: unknown }>(fields: fields) {
  const entries = Object.entries(fields).filter(
    ([, value]) => value !== null && value !== undefined,
  )
  return Object.fromEntries(entries) as Pick<Defined<fields>, 'prompt'> & Partial<Defined<fields>>
}
