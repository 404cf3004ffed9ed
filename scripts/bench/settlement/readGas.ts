import { readFileSync } from 'node:fs'

import { goals } from '../../gas/goals.ts'
import type { Snapshot } from '../../gas/snapshot.ts'
import type { Row, Table } from '../lib/report.ts'

const file = new URL('../../../snapshots/gas.json', import.meta.url)

/** What an operation is, and the receipts among which its gas is divided. */
const operations: { what: string; key: string; receipts?: number; goal?: number }[] = [
  { what: 'collection alone, 10,000 receipts', key: 'ReceiptLedger.settle1' },
  { what: 'each payer of fifty', key: 'ReceiptLedger.settleEachOf50' },
  { what: 'each of 10,000 receipts', key: 'ReceiptLedger.settle1', receipts: 10_000, goal: 5 },
  { what: 'each of 1,000,000 receipts', key: 'ReceiptLedger.settle1', receipts: 1e6, goal: 0.05 },
  { what: 'equivocation', key: 'ReceiptLedger.equivocation' },
  { what: 'overcharge', key: 'ReceiptLedger.overcharge' },
  { what: 'opening of a demanded receipt', key: 'ReceiptLedger.open' },
]

/** Reads what settling costs from the snapshot that `npm run gas` keeps: gas is exact, and is not measured again. */
export function readGas(): Table {
  const snapshot: Snapshot = JSON.parse(readFileSync(file, 'utf8'))
  const rows = operations.map(({ what, key, receipts = 1, goal }): Row => {
    const gas = snapshot[key]! / receipts
    const limit = goal ?? goals.find(({ operation }) => operation === key)?.limit
    return {
      ...{ what, key, gas: gas < 1 ? gas.toFixed(4) : gas },
      goal: limit === undefined ? '' : `≤ ${limit.toLocaleString('en')}`,
      met: limit === undefined ? '' : gas <= limit,
    }
  })
  return { title: 'Gas, of snapshots/gas.json', rows }
}
