import { type Echo, echoOf } from './echo.ts'
import type { SeenRequest, Wire, WireAnswer, WireContext } from './upstream.ts'

// biome-ignore lint/suspicious/noExplicitAny: bodies as clients send them
type Json = any

/** Anthropic's messages API. */
export const anthropicWire: Wire = {
  keyOf: ({ headers }) => String(headers['x-api-key'] ?? ''),
  error: ({ path }, { status, message, type }) =>
    path.startsWith('/v1/messages')
      ? { type: 'error', error: { type: type ?? typeOf(status), message }, request_id: 'req_echo' }
      : undefined,
  answer(request, context) {
    if (request.method !== 'POST' || request.path !== '/v1/messages') return undefined
    return context.models.includes(request.body?.model)
      ? message(request, context)
      : unknown(request)
  },
}

function typeOf(status: number) {
  if (status === 429) return 'rate_limit_error'
  if (status === 401) return 'authentication_error'
  if (status === 404) return 'not_found_error'
  return status >= 500 ? 'api_error' : 'invalid_request_error'
}

function unknown(request: SeenRequest): WireAnswer {
  const error = { status: 404, message: `model: ${request.body?.model}` }
  return { kind: 'body', status: 404, body: anthropicWire.error(request, error) }
}

function message({ body }: SeenRequest, { servedModel, usage }: WireContext): WireAnswer {
  const parts = body.messages.flatMap(({ content }: Json) =>
    typeof content === 'string' ? [{ type: 'text', text: content }] : content,
  )
  const last = parts.at(-1)
  const choice = body.tool_choice
  const isCalling = body.tools?.length > 0 && choice?.type !== 'none' && last.type !== 'tool_result'
  const echo = echoOf({
    ...{ all: parts.map(textOf).join('\n'), last: textOf(last), maxTokens: body.max_tokens },
    tool: isCalling ? (choice?.name ?? body.tools[0].name) : undefined,
    isReasoning: body.thinking?.type === 'enabled' || body.thinking?.type === 'adaptive',
  })
  const counted = usage === undefined ? echo.usage : (usage.value ?? { input: 0, output: 0 })
  const base = {
    ...{ id: 'msg_echo', type: 'message', role: 'assistant', stop_sequence: null },
    model: servedModel ?? body.model,
  }
  const counts = { input_tokens: counted.input, output_tokens: counted.output }
  if (body.stream === true) return streamed(echo, base, counts)
  const answer = { ...base, content: blocksOf(echo), stop_reason: stopOf(echo), usage: counts }
  return { kind: 'body', status: 200, body: answer }
}

function textOf(part: Json): string {
  if (part.type === 'text') return part.text
  if (part.type !== 'tool_result') return `<${part.type}>`
  const { content } = part
  return typeof content === 'string' ? content : content.map(textOf).join('')
}

function stopOf({ finish }: Echo) {
  return { stop: 'end_turn', length: 'max_tokens', call: 'tool_use' }[finish]
}

function blocksOf({ thoughts, text, call }: Echo) {
  const thinking = { type: 'thinking', thinking: thoughts.join(''), signature: 'sig' }
  const use = call && {
    ...{ type: 'tool_use', id: call.id, name: call.name },
    input: JSON.parse(call.arguments.join('')),
  }
  return [...(thoughts.length > 0 ? [thinking] : []), use ?? { type: 'text', text: text.join('') }]
}

function streamed(
  echo: Echo,
  base: object,
  usage: { input_tokens: number; output_tokens: number },
): WireAnswer {
  const { thoughts, text, call } = echo
  const start = { ...base, content: [], stop_reason: null, usage: { ...usage, output_tokens: 1 } }
  const blocks = [
    ...(thoughts.length > 0
      ? [
          block(
            { type: 'thinking', thinking: '', signature: '' },
            'thinking_delta',
            'thinking',
            thoughts,
          ),
        ]
      : []),
    call === undefined
      ? block({ type: 'text', text: '' }, 'text_delta', 'text', text)
      : block(
          { type: 'tool_use', id: call.id, name: call.name, input: {} },
          ...(['input_json_delta', 'partial_json', call.arguments] as const),
        ),
  ]
  const delta = { stop_reason: stopOf(echo), stop_sequence: null }
  const end = [
    frameOf({ type: 'message_delta', delta, usage: { output_tokens: usage.output_tokens } }),
    frameOf({ type: 'message_stop' }),
  ]
  return {
    kind: 'stream',
    frames: [
      frameOf({ type: 'message_start', message: start }),
      frameOf({ type: 'ping' }),
      ...blocks.flatMap((frames, index) => frames(index)),
      ...end,
    ],
    ending: end.length,
    errorFrame: (text) =>
      frameOf({ type: 'error', error: { type: 'overloaded_error', message: text } }),
  }
}

function block(content: object, type: string, field: string, pieces: readonly string[]) {
  return (index: number) => [
    frameOf({ type: 'content_block_start', index, content_block: content }),
    ...pieces.map((piece) =>
      frameOf({ type: 'content_block_delta', index, delta: { type, [field]: piece } }),
    ),
    frameOf({ type: 'content_block_stop', index }),
  ]
}

function frameOf(value: { type: string } & Record<string, unknown>) {
  return `event: ${value.type}\ndata: ${JSON.stringify(value)}\n\n`
}
