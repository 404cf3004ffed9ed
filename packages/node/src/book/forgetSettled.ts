import type { EntryPlace, LedgerRecord } from './ledger.ts'

/** Forgets what nothing more comes of in a ledger; returns where its events are. */
export function forgetSettled(record: LedgerRecord, newest: bigint, before: bigint): EntryPlace[] {
  const { batches, demands } = record
  const places: EntryPlace[] = []
  for (const [number, { settledAt, isReleased, changedBlock, entries }] of batches) {
    if (!isReleased || changedBlock >= newest || settledAt >= before) continue
    batches.delete(number)
    places.push(...entries)
  }
  for (const [id, { status, changedBlock, entries }] of demands) {
    if (status === 'open' || changedBlock >= newest) continue
    demands.delete(id)
    places.push(...entries)
  }
  const isOld = ({ blockNumber }: EntryPlace) => blockNumber < newest
  places.push(...record.superseded.filter(isOld))
  record.superseded = record.superseded.filter((place) => !isOld(place))
  return places
}
