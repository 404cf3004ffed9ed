import type { Address } from 'viem'

/** Returns who may read something as the journal keeps it; null for everybody. */
export function formatReaders(readers: readonly Address[] | undefined): string | null {
  return readers === undefined ? null : readers.join(',')
}

/** Returns who may read something; undefined for everybody. */
export function parseReaders(stored: unknown): Address[] | undefined {
  if (typeof stored !== 'string') return undefined
  return stored === '' ? [] : (stored.split(',') as Address[])
}
