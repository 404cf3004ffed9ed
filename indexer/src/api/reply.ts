/** Serialises for readers that may not know big integers: they become decimal strings. */
export function toText(value: unknown): string {
  return JSON.stringify(value, (_, entry) => (typeof entry === 'bigint' ? `${entry}` : entry))
}
