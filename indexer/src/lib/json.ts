/** What a JSON column holds. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/**
 * Turns decoded event arguments into JSON: integers become decimal strings, hex lower case, and text loses the NUL
 * characters that a database cannot store but an event can carry.
 */
export function toJson(value: unknown): Json {
  if (typeof value === 'bigint') return value.toString()
  if (typeof value === 'string') return value.startsWith('0x') ? value.toLowerCase() : clean(value)
  if (typeof value === 'number' || typeof value === 'boolean') return value
  if (Array.isArray(value)) return value.map(toJson)
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, toJson(entry)]))
  }
  return null
}

/** Removes NUL characters, which PostgreSQL refuses in text. */
export function clean(text: string): string {
  return text.replaceAll('\0', '')
}
