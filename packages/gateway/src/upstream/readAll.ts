import { AttemptError } from '../router/failure.ts'
import { classifyFault } from './classify.ts'
import type { TransportResponse } from './transport.ts'

/** Reads a body of at most `limit` bytes; throws `AttemptError`. */
export async function readAll(response: TransportResponse, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    for (;;) {
      const chunk = await response.read()
      if (chunk === undefined) break
      size += chunk.length
      if (size > limit) throw new AttemptError('malformed', `The answer is over ${limit} bytes.`)
      chunks.push(chunk)
    }
  } catch (error) {
    const fault = classifyFault(error)
    if (fault.kind !== 'refused') throw fault
    throw new AttemptError('cut', 'The upstream broke off within its answer.', { cause: error })
  }
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)
}
