import type { Task } from '@assay/protocol/http'
import { z } from 'zod'

const model = z.string().min(1).max(256)
const count = z.number().int().positive()

/** Fields that nobody here reads are kept: the upstream knows them. */
const chat = z.looseObject({
  model,
  messages: z.array(z.looseObject({ role: z.string() })).min(1),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  n: count.max(128).nullish(),
  max_tokens: count.nullish(),
  max_completion_tokens: count.nullish(),
})

const embeddings = z.looseObject({
  model,
  input: z.union([
    z.string().min(1),
    z.array(z.string()).min(1),
    z.array(z.number().int().nonnegative()).min(1),
    z.array(z.array(z.number().int().nonnegative()).min(1)).min(1),
  ]),
  encoding_format: z.enum(['float', 'base64']).nullish(),
})

const images = z.looseObject({
  model,
  prompt: z.string().min(1),
  n: count.max(10).nullish(),
  stream: z.literal(false).nullish(),
})

const infer = z.looseObject({
  model,
  input: z.union([z.string(), z.array(z.unknown())]),
  encoding_format: z.enum(['array', 'base64']).nullish(),
})

/** Shapes of the bodies of requests, by what is asked for. */
export const bodySchemas: Record<Task, z.ZodType<Record<string, unknown>>> = {
  chat,
  embeddings,
  images,
  infer,
}
