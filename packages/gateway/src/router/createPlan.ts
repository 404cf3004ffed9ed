import type { Candidate, Catalog } from '../catalog/upstream.ts'
import { RequestError } from '../errors.ts'
import type { AskedRequest } from '../http/readRequest.ts'
import type { Keys } from '../keys/createKeys.ts'
import type { RoutedRequest } from './answer.ts'
import type { Health } from './createHealth.ts'
import { budgetError } from './openCharge.ts'
import { quoteFor } from './quote.ts'
import { isWanted, type RankWeights, type Rated, rank } from './rank.ts'

export type CreatePlanDependencies = {
  catalog: Pick<Catalog, 'find'>
  keys: Pick<Keys, 'left'>
  weights: RankWeights
  healthOf: (upstream: string) => Health
}

/** A request as far as it has to be known to choose who may answer it. */
export type PlannedRequest = AskedRequest & Pick<RoutedRequest, 'key' | 'asked'>

/** Returns what chooses who may answer a request, the best first: all upstreams of a model before those of the next. */
export function createPlan({ catalog, keys, weights, healthOf }: CreatePlanDependencies) {
  /** Throws `RequestError` if there is nobody. */
  return (request: PlannedRequest): Rated[] => {
    const { preferences, key, task, models } = request
    const rate = (candidate: Candidate) => ({
      ...candidate,
      quote: quoteFor(candidate.offer, request),
      health: healthOf(candidate.upstream.id),
    })
    const found = models.map((model) => catalog.find(model, task).map(rate))
    if (found.flat().length === 0) throw unknownModel(request)
    const wanted = found.map((each) => each.filter((one) => isWanted(one, preferences)))
    if (wanted.flat().length === 0) {
      throw new RequestError(503, 'no_upstream_wanted', 'No upstream is as "provider" asks for.')
    }
    const left = keys.left(key)
    const affordable = wanted.map((each) =>
      each.filter(({ quote }) => left === undefined || quote <= left),
    )
    if (affordable.flat().length === 0) throw budgetError(key)
    // Who was asked the same before the process ended may have answered, and gives that answer again without a charge.
    const order = [...new Set([...request.asked, ...(preferences.order ?? [])])]
    const ranked = affordable.flatMap((each) => rank(each, weights, { ...preferences, order }))
    return preferences.allow_fallbacks === false ? ranked.slice(0, 1) : ranked
  }
}

function unknownModel({ models, task }: AskedRequest) {
  const message = `The model ${models.join(' or ')} does not exist here for ${task}.`
  return new RequestError(404, 'model_not_found', message, { param: 'model' })
}
