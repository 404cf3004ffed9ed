import type { Address } from 'viem'

/** Returns who may read something as the journal keeps it; null for everybody. */
export function formatReaders(readers: readonly Address[] | undefined): string | null {
  return readers === undefined ? null : readers.join(',')
}

/** Returns who may read something; undefined for everybody. */
export function parseReaders(stored: unknown): Address[] | undefined {
  return typeof stored === 'string' ? (stored.split(',') as Address[]) : undefined
}
