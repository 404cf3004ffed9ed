import type { ServedRequest } from '../servedBackend.ts'
import type { ServedModel } from '../servedModel.ts'

/** Returns how many answers a request asks for, and the most units that they may have together. */
export function maxUnitsOutOf(
  { task, body }: Pick<ServedRequest, 'task' | 'body'>,
  model: Pick<ServedModel, 'maxUnitsOut'>,
): Pick<ServedRequest, 'choices' | 'maxUnitsOut'> {
  const choices = typeof body.n === 'number' ? body.n : 1
  switch (task) {
    case 'chat': {
      const asked = (body.max_completion_tokens ?? body.max_tokens ?? model.maxUnitsOut) as number
      return { choices, maxUnitsOut: Math.min(asked, model.maxUnitsOut) * choices }
    }
    case 'images':
      return { choices, maxUnitsOut: choices }
    case 'embeddings':
      return { choices: 1, maxUnitsOut: 0 }
    case 'infer':
      return { choices: 1, maxUnitsOut: model.maxUnitsOut }
  }
}
