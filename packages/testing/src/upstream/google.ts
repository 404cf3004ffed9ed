import { type Echo, echoOf, pixel, vectorOf } from './echo.ts'
import type { SeenRequest, Usage, Wire, WireAnswer, WireContext } from './upstream.ts'

// biome-ignore lint/suspicious/noExplicitAny: bodies as clients send them
type Json = any

const pattern = /^\/v1beta\/models\/([^:?]+):(\w+)/

/** Google's Generative Language API. */
export const googleWire: Wire = {
  keyOf: ({ headers }) => String(headers['x-goog-api-key'] ?? ''),
  error: ({ path }, { status, message, code }) =>
    path.startsWith('/v1beta/')
      ? { error: { code: status, message, status: code ?? statusOf(status) } }
      : undefined,
  answer(request, context) {
    const [, model = '', method] = pattern.exec(request.path) ?? []
    if (request.method !== 'POST' || method === undefined) return undefined
    if (!context.models.includes(model)) return unknown(request, model)
    const { body } = request
    if (method === 'generateContent') return generate(body, model, context, false)
    if (method === 'streamGenerateContent') return generate(body, model, context, true)
    if (method === 'embedContent' || method === 'batchEmbedContents') return embed(body)
    return undefined
  },
}

function statusOf(status: number) {
  if (status === 429) return 'RESOURCE_EXHAUSTED'
  if (status === 401 || status === 403) return 'PERMISSION_DENIED'
  if (status === 404) return 'NOT_FOUND'
  return status >= 500 ? 'UNAVAILABLE' : 'INVALID_ARGUMENT'
}

function unknown(request: SeenRequest, model: string): WireAnswer {
  const error = { status: 404, message: `models/${model} is not found for API version v1beta.` }
  return { kind: 'body', status: 404, body: googleWire.error(request, error) }
}

function generate(
  body: Json,
  model: string,
  { servedModel, usage: reported }: WireContext,
  isStream: boolean,
): WireAnswer {
  const parts = body.contents.flatMap(({ parts }: Json) => parts)
  const last = parts.at(-1)
  const tools = body.tools?.flatMap(({ functionDeclarations = [] }: Json) => functionDeclarations)
  const config = body.toolConfig?.functionCallingConfig
  const isCalling = tools?.length > 0 && config?.mode !== 'NONE' && !last.functionResponse
  const echo = echoOf({
    ...{ all: parts.map(textOf).join('\n'), last: textOf(last) },
    maxTokens: body.generationConfig?.maxOutputTokens,
    tool: isCalling ? (config?.allowedFunctionNames?.[0] ?? tools[0].name) : undefined,
    isJson: body.generationConfig?.responseMimeType === 'application/json',
    isReasoning: body.generationConfig?.thinkingConfig?.includeThoughts === true,
  })
  const usage = reported === undefined ? echo.usage : reported.value
  const common = { modelVersion: servedModel ?? model, responseId: 'echo' }
  const image = { inlineData: { mimeType: 'image/png', data: pixel } }
  const isImage = body.generationConfig?.responseModalities?.includes('IMAGE')
  const pieces = isImage ? [image] : piecesOf(echo)
  if (!isStream) return { kind: 'body', status: 200, body: bodyOf(pieces, echo, usage, common) }
  const before = pieces.map((piece) => frameOf({ ...common, candidates: [candidateOf([piece])] }))
  return {
    kind: 'stream',
    frames: [...before, frameOf(bodyOf([{ text: '' }], echo, usage, common))],
    ending: 1,
    errorFrame: (message) => frameOf({ error: { code: 503, message, status: 'UNAVAILABLE' } }),
  }
}

function bodyOf(parts: object[], echo: Echo, usage: Usage | undefined, common: object) {
  const finishReason = echo.finish === 'length' ? 'MAX_TOKENS' : 'STOP'
  const { length: thoughts } = echo.thoughts
  return {
    ...common,
    candidates: [{ ...candidateOf(parts), finishReason }],
    ...(usage && {
      usageMetadata: {
        promptTokenCount: usage.input,
        candidatesTokenCount: Math.max(0, usage.output - thoughts),
        thoughtsTokenCount: thoughts,
        totalTokenCount: usage.input + usage.output,
      },
    }),
  }
}

function candidateOf(parts: object[]) {
  return { content: { role: 'model', parts }, index: 0 }
}

function piecesOf({ thoughts, text, call }: Echo): object[] {
  const args = call && JSON.parse(call.arguments.join(''))
  return [
    ...thoughts.map((piece) => ({ text: piece, thought: true })),
    ...(call
      ? [{ functionCall: { name: call.name, args } }]
      : text.map((piece) => ({ text: piece }))),
  ]
}

function textOf(part: Json): string {
  if (part.text !== undefined) return part.text
  if (part.functionResponse === undefined) return `<${Object.keys(part)[0]}>`
  const { response } = part.functionResponse
  return typeof response.content === 'string' ? response.content : JSON.stringify(response)
}

function embed(body: Json): WireAnswer {
  const valuesOf = ({ content }: Json) => ({ values: vectorOf(content.parts.map(textOf).join('')) })
  const answer =
    body.requests === undefined
      ? { embedding: valuesOf(body) }
      : { embeddings: body.requests.map(valuesOf) }
  return { kind: 'body', status: 200, body: answer }
}

function frameOf(value: object) {
  return `data: ${JSON.stringify(value)}\n\n`
}
