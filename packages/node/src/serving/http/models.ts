import type { ServedModel } from '../servedModel.ts'
import { findModel } from './readAsked.ts'
import type { ServingDependencies } from './serving.ts'

/** Returns OpenAI's list of models, each with its card. */
export function listModels({ models, operator }: ServingDependencies) {
  return { object: 'list', data: models.map((model) => entryOf(model, operator)) }
}

/** Returns one of them, by name or version; throws `RequestError`. */
export function showModel(named: string, { models, operator }: ServingDependencies) {
  return entryOf(findModel(models, named), operator)
}

function entryOf(model: ServedModel, operator: ServingDependencies['operator']) {
  const { name, version, backend, price, maxUnitsOut, verification, payments } = model
  const { perRequest, perMillionIn, perMillionOut } = price
  return {
    ...{ id: name, object: 'model', created: 0, owned_by: operator },
    assay: {
      ...{ operator, version, tasks: backend.tasks, maxUnitsOut, verification, payments },
      price: {
        perRequest: `${perRequest}`,
        perMillionIn: `${perMillionIn}`,
        perMillionOut: `${perMillionOut}`,
      },
    },
  }
}
