import type { Task } from '@assay/protocol/http'
import { z } from 'zod'

import { RequestError } from '../errors.ts'
import { parseBody } from './checkJson.ts'

/** What a client may say about who answers, as the field `provider` of the body. */
const preferencesSchema = z.looseObject({
  /** Upstreams to be asked first, in this order. */
  order: z.array(z.string()).optional(),
  only: z.array(z.string()).optional(),
  ignore: z.array(z.string()).optional(),
  /** Token units per million units in and out, and per request. */
  max_price: z
    .looseObject({
      prompt: z.coerce.bigint().optional(),
      completion: z.coerce.bigint().optional(),
      request: z.coerce.bigint().optional(),
    })
    .optional(),
  sort: z.enum(['price', 'latency', 'stake']).optional(),
  allow_fallbacks: z.boolean().optional(),
})

export type Preferences = z.output<typeof preferencesSchema>

const bodySchema = z.looseObject({
  model: z.string().min(1).max(256),
  models: z.array(z.string().min(1).max(256)).max(16).optional(),
  provider: preferencesSchema.optional(),
  stream: z.boolean().nullish(),
  n: z.number().int().min(1).max(128).nullish(),
  max_tokens: z.number().int().nonnegative().nullish(),
  max_completion_tokens: z.number().int().nonnegative().nullish(),
})

/** A request as far as the gateway has to understand it. */
export type AskedRequest = {
  task: Task
  /** Path after `/v1`. */
  path: string
  /** What upstreams are sent: the client's bytes, but for what is said to the gateway alone. */
  bytes: Uint8Array
  body: Record<string, unknown>
  isStream: boolean
  /** Models that may answer, the wanted one first. */
  models: readonly string[]
  preferences: Preferences
  /** Answers in one: choices or images. */
  choices: number
  /** Most units that the client lets a choice have; undefined for as many as the model may. */
  maxUnits: number | undefined
}

const paths: Record<Task, string> = {
  chat: '/chat/completions',
  embeddings: '/embeddings',
  images: '/images/generations',
  infer: '/infer',
}

/** Reads a request; throws `RequestError`. */
export function readRequest(task: Task, bytes: Uint8Array): AskedRequest {
  const body = parseBody(bytes)
  const { success, data, error } = bodySchema.safeParse(body)
  if (!success) {
    const [issue] = error.issues
    const param = issue?.path.join('.') ?? 'body'
    throw new RequestError(400, 'invalid_value', `${param}: ${issue?.message}.`, { param })
  }
  const { models, provider, ...rest } = data
  const isOurs = models !== undefined || provider !== undefined
  return {
    ...{ task, path: paths[task], body: isOurs ? rest : body },
    bytes: isOurs ? Buffer.from(JSON.stringify(rest)) : bytes,
    isStream: task === 'chat' && data.stream === true,
    models: [...new Set([data.model, ...(models ?? [])])],
    preferences: provider ?? {},
    choices: data.n ?? 1,
    maxUnits: data.max_completion_tokens ?? data.max_tokens ?? undefined,
  }
}
