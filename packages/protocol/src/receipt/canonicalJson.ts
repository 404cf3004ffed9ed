import canonicalize from 'canonicalize'

import { CanonicalJsonError } from './errors.ts'

/**
 * Returns the one form of a JSON value (RFC 8785), in UTF-8. Throws `CanonicalJsonError` for what JSON cannot say.
 *
 * @example
 * canonicalJson({ b: 1, a: [1.0] })
 * // bytes of '{"a":[1],"b":1}'
 */
export function canonicalJson(value: unknown): Uint8Array {
  let text: string | undefined
  try {
    text = canonicalize(value)
  } catch (cause) {
    throw new CanonicalJsonError('The value has no canonical JSON.', { cause })
  }
  if (text === undefined) throw new CanonicalJsonError('The value has no canonical JSON.')
  return new TextEncoder().encode(text)
}
