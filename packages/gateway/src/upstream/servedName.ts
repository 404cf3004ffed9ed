import type { Offer } from '../catalog/upstream.ts'
import { AttemptError } from '../router/failure.ts'

/** What may follow a model's name in the name of one of its versions. */
const separators = ['-', '@', ':', '/']

/**
 * Throws `AttemptError` if an upstream reports a model that is not the one it was asked for: neither its name, nor that
 * with a version added, nor one of those that the configuration allows.
 */
export function requireServed(offer: Pick<Offer, 'name' | 'served'>, served: string | undefined) {
  if (offer.served === undefined || served === undefined) return
  const allowed = [offer.name, ...offer.served]
  const isAllowed = allowed.some(
    (name) =>
      served === name || (served.startsWith(name) && separators.includes(served[name.length]!)),
  )
  if (isAllowed) return
  throw new AttemptError('wrong_model', `${served} answered for ${offer.name}.`)
}
