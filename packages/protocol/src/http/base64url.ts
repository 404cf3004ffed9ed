import type { z } from 'zod'

import { WireFormatError } from './errors.ts'

/** Returns base64url (RFC 4648, 5) of the UTF-8 of a JSON text, without padding. */
export function encodeHeader(json: string): string {
  let binary = ''
  for (const byte of new TextEncoder().encode(json)) binary += String.fromCharCode(byte)
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** Reads a header of base64url of JSON by a schema; throws `WireFormatError`. */
export function decodeHeader<output>(
  subject: string,
  schema: z.ZodType<output>,
  value: string,
): output {
  return parseWire(subject, schema, () => {
    const binary = atob(value.replaceAll('-', '+').replaceAll('_', '/'))
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0))
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  })
}

/** Reads a value by a schema; throws `WireFormatError`, also for what `read` throws. */
export function parseWire<output>(
  subject: string,
  schema: z.ZodType<output>,
  read: () => unknown,
): output {
  let value: unknown
  try {
    value = read()
  } catch (cause) {
    throw new WireFormatError(subject, 'it is not JSON', cause)
  }
  const { success, data, error } = schema.safeParse(value)
  if (success) return data
  const [issue] = error.issues
  throw new WireFormatError(subject, `${issue?.path.join('.')} ${issue?.message}`, error)
}
