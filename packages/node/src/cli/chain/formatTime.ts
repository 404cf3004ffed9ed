/** Writes a time of the chain, Unix seconds, for people. */
export function formatTime(seconds: bigint): string {
  // JavaScript's dates end in the year 275760; the chain's "never" is later.
  if (seconds > 8_640_000_000_000n) return 'never'
  return new Date(Number(seconds) * 1_000).toISOString().replace('.000', '')
}
