/** What a delta holds before there is content: who speaks, which is no answer yet. */
const preamble = ['role']

/**
 * Returns whether an event of a chat's stream is part of the answer: anything but chunks that only say that one begins.
 * `undefined` is for what is no chunk at all.
 */
export function isContent(chunk: unknown): boolean | undefined {
  if (typeof chunk !== 'object' || chunk === null) return undefined
  const { choices } = chunk as { choices?: unknown }
  if (!Array.isArray(choices)) return undefined
  return choices.some((choice: { delta?: object | null; finish_reason?: unknown } | null) => {
    if (choice === null || typeof choice !== 'object') return false
    if (choice.finish_reason) return true
    return Object.entries(choice.delta ?? {}).some(
      ([field, value]) => !preamble.includes(field) && value !== null && value !== '',
    )
  })
}
