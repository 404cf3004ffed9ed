import type {
  LanguageModelV4FilePart,
  LanguageModelV4Message,
  LanguageModelV4Prompt,
  LanguageModelV4TextPart,
} from '@ai-sdk/provider'

import { RequestError } from '../errors.ts'
import type { ChatMessage, ChatPart } from './messages.ts'

/** Whether a provider fetches what a URL of such a type leads to. */
export type TakesUrl = (mediaType: string, url: string) => boolean

/** Returns the messages of a chat in the AI SDK's terms; throws `RequestError`. */
export function toPrompt(
  messages: readonly ChatMessage[],
  takesUrl: TakesUrl,
): LanguageModelV4Prompt {
  const toolNames = new Map<string, string>()
  return messages.map((message) => toMessage(message, toolNames, takesUrl))
}

function toMessage(
  message: ChatMessage,
  toolNames: Map<string, string>,
  takesUrl: TakesUrl,
): LanguageModelV4Message {
  switch (message.role) {
    case 'system':
    case 'developer':
      return { role: 'system', content: textOf(message.content) }
    case 'user':
      return { role: 'user', content: partsOf(message.content, takesUrl) }
    case 'assistant':
      return fromAssistant(message, toolNames)
    case 'tool': {
      const { tool_call_id: toolCallId, content } = message
      const toolName = toolNames.get(toolCallId) ?? toolCallId
      const output = { type: 'text', value: textOf(content) } as const
      return { role: 'tool', content: [{ type: 'tool-result', toolCallId, toolName, output }] }
    }
  }
}

function fromAssistant(
  { content, tool_calls }: Extract<ChatMessage, { role: 'assistant' }>,
  toolNames: Map<string, string>,
): LanguageModelV4Message {
  const text = textOf(content ?? '')
  const calls = (tool_calls ?? []).map(({ id, function: { name, arguments: input } }) => {
    toolNames.set(id, name)
    return { type: 'tool-call', toolCallId: id, toolName: name, input: parse(input) } as const
  })
  const texts = text === '' ? [] : [{ type: 'text', text } as const]
  return { role: 'assistant', content: [...texts, ...calls] }
}

function parse(input: string): unknown {
  try {
    return input === '' ? {} : JSON.parse(input)
  } catch (cause) {
    throw invalid('the arguments of a tool call are no JSON', cause)
  }
}

function textOf(content: string | readonly { text: string }[]) {
  return typeof content === 'string' ? content : content.map(({ text }) => text).join('')
}

function partsOf(content: string | readonly ChatPart[], takesUrl: TakesUrl) {
  if (typeof content === 'string') return [{ type: 'text', text: content } as const]
  return content.map((part) => partOf(part, takesUrl))
}

function partOf(
  part: ChatPart,
  takesUrl: TakesUrl,
): LanguageModelV4TextPart | LanguageModelV4FilePart {
  switch (part.type) {
    case 'text':
      return { type: 'text', text: part.text }
    case 'image_url':
      return fileOf(part.image_url.url, 'image/*', takesUrl)
    case 'input_audio': {
      const { data, format } = part.input_audio
      return { type: 'file', data: { type: 'data', data }, mediaType: `audio/${format}` }
    }
    case 'file': {
      const { file_data, filename } = part.file
      const file = fileOf(file_data, 'application/pdf', takesUrl)
      return filename === undefined ? file : { ...file, filename }
    }
  }
}

const dataUrl = /^data:([\w.+-]+\/[\w.+-]+)(?:;[\w=.+-]+)*;base64,([A-Za-z0-9+/=]+)$/

/** What has to be fetched, the provider fetches or nobody: an operator's network is not for its clients to look around. */
function fileOf(url: string, mediaType: string, takesUrl: TakesUrl): LanguageModelV4FilePart {
  const [, type, data] = dataUrl.exec(url) ?? []
  if (type !== undefined && data !== undefined) {
    return { type: 'file', data: { type: 'data', data }, mediaType: type }
  }
  if (!/^https?:/.test(url) || !URL.canParse(url) || !takesUrl(mediaType, url)) {
    throw invalid('the model takes files only as data: URLs with base64')
  }
  return { type: 'file', data: { type: 'url', url: new URL(url) }, mediaType }
}

function invalid(reason: string, cause?: unknown) {
  const message = `The messages cannot be passed on: ${reason}.`
  return new RequestError({ status: 400, code: 'invalid_value', message, param: 'messages', cause })
}
