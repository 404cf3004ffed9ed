import type { ByteAccount } from '../createByteBudget.ts'
import { RequestError } from '../errors.ts'

/**
 * Reads the body of a request; throws `RequestError` for more than `maxBytes`, before more is read than that, and
 * `BusyError` where too much is held for others.
 */
export async function readRequestBody(
  request: Request,
  maxBytes: number,
  account: Pick<ByteAccount, 'take'>,
): Promise<Uint8Array> {
  const declared = Number(request.headers.get('content-length') ?? 0)
  if (declared > maxBytes) throw tooLarge(maxBytes)
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of request.body ?? []) {
    length += chunk.length
    if (length > maxBytes) throw tooLarge(maxBytes)
    account.take(chunk.length)
    chunks.push(chunk)
  }
  return new Uint8Array(Buffer.concat(chunks))
}

function tooLarge(maxBytes: number) {
  const message = `The body has more than ${maxBytes} bytes.`
  return new RequestError({ status: 413, code: 'body_too_large', message })
}
