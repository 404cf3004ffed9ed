import { RequestError } from '../errors.ts'

/** Reads a request's body of at most `limit` bytes, without taking in more; throws `RequestError`. */
export async function readBody(request: Request, limit: number): Promise<Uint8Array> {
  const tooLarge = () =>
    new RequestError(413, 'body_too_large', `The body is over ${limit} bytes.`, {
      headers: { connection: 'close' },
    })
  const announced = Number(request.headers.get('content-length') ?? 0)
  if (announced > limit) throw tooLarge()
  if (request.body === null) return new Uint8Array()
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    for await (const chunk of request.body) {
      size += chunk.length
      if (size > limit) throw tooLarge()
      chunks.push(chunk)
    }
  } catch (cause) {
    if (cause instanceof RequestError) throw cause
    throw new RequestError(400, 'body_incomplete', 'The body broke off.', { cause })
  }
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)
}
