import { UpstreamError } from '../errors.ts'

/** Reads chunks until their end; throws `UpstreamError` for more than `maxBytes`. */
export async function readBytes(
  body: AsyncIterable<Uint8Array> | null,
  maxBytes: number,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of limited(body, maxBytes)) chunks.push(chunk)
  return new Uint8Array(Buffer.concat(chunks))
}

/** Passes chunks on; throws `UpstreamError` once they are more than `maxBytes`. */
export async function* limited(body: AsyncIterable<Uint8Array> | null, maxBytes: number) {
  let length = 0
  for await (const chunk of body ?? []) {
    length += chunk.length
    if (length > maxBytes) {
      const message = `The model answered with more than ${maxBytes} bytes.`
      throw new UpstreamError({ failure: 'tooLarge', message })
    }
    yield chunk
  }
}

/** Reads the start of a body that only explains an error. */
export async function readStart(body: AsyncIterable<Uint8Array> | null): Promise<string> {
  const most = 65_536
  try {
    return new TextDecoder().decode(await readBytes(body, most))
  } catch {
    return ''
  }
}
