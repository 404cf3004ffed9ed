import type { EmbeddingModelV4 } from '@ai-sdk/provider'
import { stringToBytes } from 'viem'

import { RequestError } from '../errors.ts'
import { countOf } from '../openai/chatText.ts'
import type { ServedAnswer, ServedRequest } from '../servedBackend.ts'

/** Asks a provider for embeddings, and returns them as OpenAI's API has them. */
export async function embed(
  embeddingModel: EmbeddingModelV4,
  { body }: Pick<ServedRequest, 'body'>,
  abortSignal: AbortSignal,
): Promise<ServedAnswer> {
  const values = textsOf(body.input)
  const dimensions = typeof body.dimensions === 'number' ? { dimensions: body.dimensions } : {}
  const { embeddings, usage } = await embeddingModel.doEmbed({ values, abortSignal, ...dimensions })
  const data = embeddings.map((embedding, index) => ({
    ...{ object: 'embedding', index },
    embedding: body.encoding_format === 'base64' ? base64Of(embedding) : embedding,
  }))
  const { modelId: model } = embeddingModel
  const counts = usage && { prompt_tokens: usage.tokens, total_tokens: usage.tokens }
  const answer = { object: 'list', data, model, ...(counts && { usage: counts }) }
  const counted = {
    unitsIn: countOf(usage?.tokens),
    unitsOut: 0n,
    textBytes: 0,
    servedModel: model,
  }
  return { kind: 'body', bytes: stringToBytes(JSON.stringify(answer)), counted }
}

function textsOf(input: unknown): string[] {
  const values = Array.isArray(input) ? input : [input]
  if (values.every((value) => typeof value === 'string')) return values
  const message = 'The model embeds texts, not tokens.'
  throw new RequestError({ status: 400, code: 'invalid_value', message, param: 'input' })
}

function base64Of(embedding: readonly number[]) {
  return Buffer.from(Float32Array.from(embedding).buffer).toString('base64')
}
