import type { Task } from '@assay/protocol/http'

import type { ServedRequest } from '../servedBackend.ts'

/** Where OpenAI's API answers what. */
export const paths: Record<Exclude<Task, 'infer'>, string> = {
  chat: '/chat/completions',
  embeddings: '/embeddings',
  images: '/images/generations',
}

/** Name of the field that limits an answer's tokens. */
export type LimitField = 'max_tokens' | 'max_completion_tokens'

/**
 * Returns the body for the upstream: the client's, with the upstream's own name of the model, tokens limited to what is
 * quoted, and the counts of a stream asked for. Alternatives are for gateways; upstreams stumble over them.
 */
export function requestFor(
  { task, body, maxUnitsOut, choices }: ServedRequest,
  { model, limitField }: { model: string; limitField: LimitField },
): string {
  const { models: _, ...rest } = body
  const named = { ...rest, model }
  if (task !== 'chat') return JSON.stringify(named)
  const limit = Math.floor(maxUnitsOut / choices)
  const given = (['max_completion_tokens', 'max_tokens'] as const).filter(
    (field) => typeof body[field] === 'number',
  )
  const fields = given.length > 0 ? given : [limitField]
  const limits = Object.fromEntries(fields.map((field) => [field, limit]))
  const stream = body.stream === true && {
    stream_options: { ...(body.stream_options as object | undefined), include_usage: true },
  }
  return JSON.stringify({ ...named, ...limits, ...stream })
}

/** Whether the client asked for the counts of its stream. */
export function wantsUsage({ body }: Pick<ServedRequest, 'body'>): boolean {
  const options = body.stream_options as { include_usage?: unknown } | null | undefined
  return options?.include_usage === true
}
