import { paddingComment } from '@assay/protocol/ohttp'

const lineFeed = 0x0a

/**
 * Cuts a stream of events into pieces of whole events, each padded to a multiple of 256 bytes by a comment. A comment may only stand
 * between events, so what is unfinished waits for its end.
 */
export async function* padEvents(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let held: Uint8Array = new Uint8Array(0)
  for await (const bytes of stream) {
    held = Buffer.concat([held, bytes])
    const end = endOfEvents(held)
    if (end === 0) continue
    yield padded(held.subarray(0, end))
    held = held.subarray(end)
  }
  if (held.length > 0) yield held
}

/** Place after the last blank line. */
function endOfEvents(bytes: Uint8Array): number {
  for (let i = bytes.length - 1; i > 0; i--) {
    if (bytes[i] === lineFeed && bytes[i - 1] === lineFeed) return i + 1
  }
  return 0
}

function padded(events: Uint8Array): Uint8Array {
  return Buffer.concat([events, Buffer.from(paddingComment(events.length))])
}
