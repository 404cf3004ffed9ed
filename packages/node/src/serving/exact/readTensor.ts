import { RequestError } from '../errors.ts'

/** Base64 of exactly so many bytes, nothing else: a character more would be another request for the same answer. */
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/**
 * Returns the bytes of a tensor that a request holds: numbers of 0 to 255, nested as the client likes, in the order of
 * rows, or base64 of the same. Throws `RequestError`.
 */
export function readTensor(input: unknown, length: number): Uint8Array {
  const bytes = typeof input === 'string' ? decode(input) : flatten(input)
  if (bytes.length === length) return bytes
  throw invalid(`it has ${bytes.length} elements, and the model reads ${length}`)
}

function decode(text: string) {
  if (!base64.test(text)) throw invalid('it is no base64')
  return new Uint8Array(Buffer.from(text, 'base64'))
}

function flatten(input: unknown): Uint8Array {
  const elements = (Array.isArray(input) ? input : [input]).flat(Number.POSITIVE_INFINITY)
  const wrong = elements.findIndex((value) => !isByte(value))
  if (wrong < 0) return Uint8Array.from(elements as number[])
  throw invalid(`its element ${wrong} is no whole number of 0 to 255`)
}

function isByte(value: unknown) {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 255
}

function invalid(reason: string) {
  const message = `The input is no tensor of the model: ${reason}.`
  return new RequestError({ status: 400, code: 'invalid_tensor', message, param: 'input' })
}
