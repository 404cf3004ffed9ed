import { AttemptError } from '../router/failure.ts'

/** One server-sent event. */
export type ServerEvent = {
  /** Its bytes with the blank line that ends it. */
  raw: Uint8Array
  /** Its data; undefined for a comment. */
  data: Uint8Array | undefined
}

const lineFeed = 10
const carriageReturn = 13
const colon = 58
const space = 32
const prefix = Buffer.from('data')

/** Longest event: an image in base64 fits. */
const maxEventBytes = 32 * 1024 * 1024

/**
 * Creates what cuts a stream of bytes into events. Bytes are looked at once and not decoded; most events are one line of
 * data in one chunk, and are not copied.
 */
export function createScanner() {
  let rest: Buffer | undefined

  /** Takes a chunk and returns the events that are complete. Throws `AttemptError` for an event without an end. */
  function push(chunk: Uint8Array): ServerEvent[] {
    const bytes = rest === undefined ? asBuffer(chunk) : Buffer.concat([rest, chunk])
    const events: ServerEvent[] = []
    let start = 0
    let lineStart = 0
    let data: Uint8Array[] = []
    for (;;) {
      const end = bytes.indexOf(lineFeed, lineStart)
      if (end === -1) break
      const line = bytes.subarray(lineStart, bytes[end - 1] === carriageReturn ? end - 1 : end)
      lineStart = end + 1
      if (line.length > 0) {
        const value = dataOf(line)
        if (value !== undefined) data.push(value)
        continue
      }
      events.push({ raw: bytes.subarray(start, lineStart), data: joined(data) })
      start = lineStart
      data = []
    }
    rest = start === bytes.length ? undefined : bytes.subarray(start)
    if (rest !== undefined && rest.length > maxEventBytes) {
      throw new AttemptError('malformed', `An event is over ${maxEventBytes} bytes.`)
    }
    return events
  }

  return {
    push,
    /** Whether the stream stopped within an event. */
    hasRest: () => rest?.some((byte) => byte > space) ?? false,
  }
}

function asBuffer(chunk: Uint8Array): Buffer {
  return Buffer.isBuffer(chunk)
    ? chunk
    : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
}

function dataOf(line: Buffer): Buffer | undefined {
  if (line[4] !== colon || line.compare(prefix, 0, 4, 0, 4) !== 0) {
    return line.length === 4 && line.equals(prefix) ? Buffer.alloc(0) : undefined
  }
  return line.subarray(line[5] === space ? 6 : 5)
}

function joined(lines: Uint8Array[]): Uint8Array | undefined {
  if (lines.length <= 1) return lines[0]
  return Buffer.concat(
    lines.flatMap((line, index) => (index === 0 ? [line] : [Buffer.from('\n'), line])),
  )
}
