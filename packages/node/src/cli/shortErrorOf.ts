/** Returns the first line of an error: what a log needs, without requests and their URLs. */
export function shortErrorOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { shortMessage } = error as { shortMessage?: unknown }
  return typeof shortMessage === 'string' ? shortMessage : error.message.split('\n')[0]!
}
