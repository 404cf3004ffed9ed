type Call = { function?: { name?: unknown; arguments?: unknown } }

/** A message of a chat, or a piece of one. */
type Message = Record<string, unknown> & { tool_calls?: unknown }

/** Returns how many bytes of text a message, or a piece of one, holds. */
export function textBytesOf(message: unknown): number {
  if (typeof message !== 'object' || message === null) return 0
  const { content, refusal, reasoning, reasoning_content, tool_calls } = message as Message
  const calls = Array.isArray(tool_calls) ? (tool_calls as Call[]) : []
  const texts = [
    ...[content, refusal, reasoning_content ?? reasoning],
    ...calls.flatMap((call) => [call?.function?.name, call?.function?.arguments]),
  ]
  return texts.reduce<number>(
    (sum, text) => sum + (typeof text === 'string' ? Buffer.byteLength(text) : 0),
    0,
  )
}

/** Returns a count that an upstream reports; nothing for what is none. */
export function countOf(value: unknown): bigint | undefined {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? BigInt(value as number) : undefined
}

/** Longest name of a model that a receipt holds. */
const maxName = 256

/** Returns the name of the model that an upstream reports, or the one it was asked for. */
export function servedNameOf(reported: unknown, asked: string): string {
  return typeof reported === 'string' && reported !== '' ? reported.slice(0, maxName) : asked
}
