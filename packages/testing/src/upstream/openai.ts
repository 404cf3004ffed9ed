import { type Echo, echoOf, pixel, tokensOf, vectorOf } from './echo.ts'
import type { SeenRequest, Usage, Wire, WireAnswer, WireContext } from './upstream.ts'

// biome-ignore lint/suspicious/noExplicitAny: bodies as clients send them
type Json = any

const created = 1_760_000_000

/** OpenAI's API as its servers, vLLM and llama.cpp speak it. */
export const openAiWire: Wire = {
  keyOf: ({ headers }) => String(headers.authorization ?? '').replace(/^Bearer /, ''),
  error: (_, { status, message, type, code }) => ({
    error: {
      message,
      type: type ?? (status >= 500 ? 'server_error' : 'invalid_request_error'),
      param: null,
      code: code ?? null,
    },
  }),
  answer(request, context) {
    const { method, body } = request
    const path = request.path.split('?')[0]!
    if (method === 'GET' && path === '/v1/models') return modelList(context)
    if (method !== 'POST') return undefined
    const isKnown = context.models.includes(body?.model)
    if (path === '/v1/chat/completions') return isKnown ? chat(body, context) : unknown(request)
    if (path === '/v1/embeddings') return isKnown ? embed(body, context) : unknown(request)
    if (path === '/v1/images/generations') return isKnown ? draw(body, context) : unknown(request)
    return undefined
  },
}

function unknown(request: SeenRequest): WireAnswer {
  const message = `The model \`${request.body?.model}\` does not exist or you do not have access to it.`
  const error = { status: 404, message, code: 'model_not_found' }
  return { kind: 'body', status: 404, body: openAiWire.error(request, error) }
}

function modelList({ models }: WireContext): WireAnswer {
  const data = models.map((id) => ({ id, object: 'model', created, owned_by: 'echo' }))
  return { kind: 'body', status: 200, body: { object: 'list', data } }
}

function chat(body: Json, context: WireContext): WireAnswer {
  const last = body.messages.at(-1)
  const all = body.messages.map(({ content }: Json) => textOf(content)).join('\n')
  const isCalling = body.tools?.length > 0 && body.tool_choice !== 'none' && last.role !== 'tool'
  const wanted = body.tool_choice?.function?.name ?? body.tools?.[0]?.function.name
  const echo = echoOf({
    ...{ all, last: textOf(last.content) },
    maxTokens: body.max_completion_tokens ?? body.max_tokens,
    tool: isCalling ? wanted : undefined,
    isJson: body.response_format !== undefined && body.response_format.type !== 'text',
    isReasoning: body.reasoning_effort !== undefined,
  })
  const choices = body.n ?? 1
  const output = echo.usage.output * choices
  const usage = context.usage === undefined ? { ...echo.usage, output } : context.usage.value
  const base = { id: 'chatcmpl-echo', created, model: context.servedModel ?? body.model }
  if (body.stream === true) return streamed(echo, { ...base, body, choices, usage })
  const message = messageOf(echo)
  return {
    ...{ kind: 'body', status: 200 },
    body: {
      ...{ ...base, object: 'chat.completion' },
      choices: Array.from({ length: choices }, (_, index) => ({
        ...{ index, message, logprobs: null, finish_reason: finishOf(echo) },
      })),
      ...(usage && { usage: usageOf(usage, echo) }),
      system_fingerprint: 'fp_echo',
    },
  }
}

function messageOf({ text, thoughts, call }: Echo) {
  return {
    role: 'assistant',
    content: call === undefined ? text.join('') : null,
    refusal: null,
    ...(thoughts.length > 0 && { reasoning_content: thoughts.join('') }),
    ...(call && {
      tool_calls: [
        {
          id: call.id,
          type: 'function',
          function: { name: call.name, arguments: call.arguments.join('') },
        },
      ],
    }),
  }
}

type StreamParameters = {
  id: string
  created: number
  model: string
  body: Json
  choices: number
  usage: Usage | undefined
}

function streamed(echo: Echo, parameters: StreamParameters): WireAnswer {
  const { body, choices, usage, ...base } = parameters
  const wantsUsage = body.stream_options?.include_usage === true
  const common = { ...base, object: 'chat.completion.chunk', system_fingerprint: 'fp_echo' }
  const chunk = (part: object) =>
    frameOf({ ...common, ...part, ...(wantsUsage && !('usage' in part) && { usage: null }) })
  const indices = Array.from({ length: choices }, (_, index) => index)
  const choice = (index: number, delta: object, finish: string | null = null) =>
    chunk({ choices: [{ index, delta, logprobs: null, finish_reason: finish }] })
  const content = indices.flatMap((index) => deltasOf(echo).map((delta) => choice(index, delta)))
  const finish = indices.map((index) => choice(index, {}, finishOf(echo)))
  const counted = wantsUsage && usage ? [chunk({ choices: [], usage: usageOf(usage, echo) })] : []
  return {
    kind: 'stream',
    frames: [...content, ...finish, ...counted, 'data: [DONE]\n\n'],
    ending: finish.length + counted.length + 1,
    errorFrame: (message) =>
      frameOf({ error: { message, type: 'server_error', param: null, code: null } }),
  }
}

function deltasOf({ text, thoughts, call }: Echo): object[] {
  const part = (piece: object) => ({ tool_calls: [{ index: 0, ...piece }] })
  const calls = call && [
    part({ id: call.id, type: 'function', function: { name: call.name, arguments: '' } }),
    ...call.arguments.map((piece) => part({ function: { arguments: piece } })),
  ]
  return [
    { role: 'assistant', content: call === undefined ? '' : null, refusal: null },
    ...thoughts.map((piece) => ({ reasoning_content: piece })),
    ...(calls ?? text.map((piece) => ({ content: piece }))),
  ]
}

function finishOf({ finish }: Echo) {
  return finish === 'call' ? 'tool_calls' : finish
}

function usageOf({ input, output }: Usage, { thoughts }: Echo) {
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    prompt_tokens_details: { cached_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: thoughts.length },
  }
}

function embed(body: Json, { servedModel, usage: reported }: WireContext): WireAnswer {
  const inputs = Array.isArray(body.input) ? body.input : [body.input]
  const data = inputs.map((input: unknown, index: number) => {
    const vector = vectorOf(String(input))
    const isText = body.encoding_format !== 'base64'
    const embedding = isText
      ? vector
      : Buffer.from(Float32Array.from(vector).buffer).toString('base64')
    return { object: 'embedding', index, embedding }
  })
  const tokens = inputs.map(String).flatMap(tokensOf).length
  const usage = reported === undefined ? { input: tokens, output: 0 } : reported.value
  const counts = usage && { prompt_tokens: usage.input, total_tokens: usage.input }
  const model = servedModel ?? body.model
  const answer = { object: 'list', data, model, ...(counts && { usage: counts }) }
  return { kind: 'body', status: 200, body: answer }
}

function draw(body: Json, { usage: reported }: WireContext): WireAnswer {
  const images = body.n ?? 1
  const counted = { input: tokensOf(body.prompt).length, output: images * 16 }
  const usage = reported === undefined ? counted : reported.value
  const answer = {
    created,
    data: Array.from({ length: images }, () => ({ b64_json: pixel })),
    ...(usage && {
      usage: {
        ...{ input_tokens: usage.input, output_tokens: usage.output },
        total_tokens: usage.input + usage.output,
        input_tokens_details: { text_tokens: usage.input, image_tokens: 0 },
      },
    }),
  }
  return { kind: 'body', status: 200, body: answer }
}

function textOf(content: unknown): string {
  if (!Array.isArray(content)) return typeof content === 'string' ? content : ''
  return content.map(({ type, text }: Json) => (type === 'text' ? text : `<${type}>`)).join('')
}

function frameOf(value: object) {
  return `data: ${JSON.stringify(value)}\n\n`
}
