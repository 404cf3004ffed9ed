const encoder = new TextEncoder()

/**
 * Returns what a stream's claim commits to: the data of its events in order, each followed by a line feed. Comments,
 * chunks and the framing that relays change are no part of it, nor is the receipt's event or `[DONE]`.
 */
export function eventContent(events: readonly string[]): Uint8Array {
  return encoder.encode(events.map((data) => `${data}\n`).join(''))
}
