import { BaseError } from '@assay/protocol'

import type { Position } from './historyEntry.ts'

export class InvalidCursorError extends BaseError {
  override name = 'InvalidCursorError'

  constructor({ cursor }: { cursor: string }) {
    super(`"${cursor}" is not a cursor of this history.`, {
      metaMessages: ['A cursor looks like 000000001234-000005.'],
    })
  }
}

/**
 * Returns where on the chain a job was requested, so that text sorts like the chain.
 *
 * @example
 * formatPosition({ blockNumber: 1234n, logIndex: 5 })
 * // "000000001234-000005"
 */
export function formatPosition({ blockNumber, logIndex }: Position): string {
  return `${String(blockNumber).padStart(12, '0')}-${String(logIndex).padStart(6, '0')}`
}

export function parsePosition(cursor: string): Position {
  const [, block, log] = cursor.match(/^(\d{12})-(\d{6})$/) ?? []
  if (block === undefined || log === undefined) throw new InvalidCursorError({ cursor })
  return { blockNumber: BigInt(block), logIndex: Number(log) }
}
