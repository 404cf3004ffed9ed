import { quoteOf, type Task } from '@assay/protocol/http'

import type { ByteAccount } from '../createByteBudget.ts'
import { RequestError } from '../errors.ts'
import type { ServedModel } from '../servedModel.ts'
import { maxUnitsOutOf } from './maxUnitsOutOf.ts'
import { parseBody } from './parseBody.ts'
import { readRequestBody } from './readRequestBody.ts'
import { readTerms } from './readTerms.ts'
import type { Asked, ServingDependencies } from './serving.ts'

/** Reads what a request asks for and what that may cost; throws `RequestError`, `WireFormatError` or `BusyError`. */
export async function readAsked(
  task: Task,
  raw: Request,
  account: Pick<ByteAccount, 'take'>,
  { limits, models, random, clock }: ServingDependencies,
): Promise<Asked> {
  const startedAt = clock.elapsed()
  const abort = new AbortController()
  raw.signal.addEventListener('abort', () => abort.abort(), { once: true })
  const terms = readTerms(raw.headers, random)
  const bytes = await readRequestBody(raw, limits.maxBodyBytes, account)
  const body = parseBody(task, bytes, limits)
  const model = findModel(models, terms.model ?? (body.model as string))
  if (!model.backend.tasks.includes(task)) {
    const message = `The model ${model.name} does not answer this: it does ${model.backend.tasks.join(', ')}.`
    throw new RequestError({ status: 400, code: 'unsupported_task', message, param: 'model' })
  }
  const units = maxUnitsOutOf({ task, body }, model)
  const { price } = model
  const quote = quoteOf({ price, requestBytes: bytes.length, maxUnitsOut: units.maxUnitsOut })
  const request = { task, bytes, body, ...units }
  const signature = raw.headers.get('payment-signature') ?? undefined
  return { request, terms, model, quote, url: raw.url, signature, startedAt, abort }
}

/** Returns the model that a name or a version means; throws `RequestError`. */
export function findModel(models: readonly ServedModel[], named: string): ServedModel {
  const version = named.toLowerCase()
  const found =
    models.find(({ name }) => name === named) ?? models.find((model) => model.version === version)
  if (found !== undefined) return found
  const message = `The model ${named.slice(0, 256)} is not served here.`
  throw new RequestError({ status: 404, code: 'model_not_found', message, param: 'model' })
}
