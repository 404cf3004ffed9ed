import type { Task } from '@assay/protocol/http'

import { RequestError } from '../errors.ts'
import { bodySchemas } from './schemas.ts'

/** Returns the body of a request, checked for its task; throws `RequestError`. */
export function parseBody(
  task: Task,
  bytes: Uint8Array,
  { maxDepth }: { maxDepth: number },
): Record<string, unknown> {
  const text = decode(bytes)
  requireDepth(bytes, maxDepth)
  const { success, data, error } = bodySchemas[task].safeParse(parse(text))
  if (success) return data
  const [issue] = error.issues
  const param = issue?.path.join('.') || 'body'
  const message = `${issue?.message ?? 'The body is not what it should be'}: ${param}`
  throw new RequestError({ status: 400, code: 'invalid_value', message, param })
}

function decode(bytes: Uint8Array) {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw invalidJson('The body is not UTF-8.', cause)
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw invalidJson('The body is not JSON.', cause)
  }
}

function invalidJson(message: string, cause?: unknown) {
  return new RequestError({ status: 400, code: 'invalid_json', message, cause })
}

const [quote, backslash] = [0x22, 0x5c]
const opening = new Set([0x5b, 0x7b])
const closing = new Set([0x5d, 0x7d])

/** What is nested without end costs whoever writes it again a stack. */
function requireDepth(bytes: Uint8Array, maxDepth: number) {
  let depth = 0
  let isText = false
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index]!
    if (isText && byte === backslash) index++
    else if (byte === quote) isText = !isText
    else if (!isText && opening.has(byte)) depth++
    else if (!isText && closing.has(byte)) depth--
    if (depth > maxDepth) throw invalidJson(`The body is nested more than ${maxDepth} deep.`)
  }
}
