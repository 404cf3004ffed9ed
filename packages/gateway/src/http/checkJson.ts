import { RequestError } from '../errors.ts'

/** Deepest nesting of a body: far beyond what schemas of tools need, far below what overflows a stack. */
const maxDepth = 128

const [quote, backslash] = [0x22, 0x5c]
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d]

/** Reads a JSON object in UTF-8; throws `RequestError` for anything else. */
export function parseBody(bytes: Uint8Array): Record<string, unknown> {
  requireShallow(bytes)
  const value = read(bytes)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>
  }
  throw new RequestError(400, 'invalid_json', 'The body has to be a JSON object.')
}

function read(bytes: Uint8Array): unknown {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new RequestError(400, 'invalid_encoding', 'The body is not UTF-8.', { cause })
  }
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new RequestError(400, 'invalid_json', 'The body is not JSON.', { cause })
  }
}

function requireShallow(bytes: Uint8Array) {
  let depth = 0
  let isText = false
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index]
    if (isText) {
      if (byte === backslash) index++
      else if (byte === quote) isText = false
    } else if (byte === quote) isText = true
    else if (byte === openBrace || byte === openBracket) {
      if (++depth > maxDepth) {
        throw new RequestError(400, 'json_too_deep', `The body nests over ${maxDepth} levels deep.`)
      }
    } else if (byte === closeBrace || byte === closeBracket) depth--
  }
}
