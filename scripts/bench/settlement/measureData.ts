import { keccak256, toHex } from 'viem'

import type { BatchRow } from '../../../packages/node/src/journal/createReceipts.ts'
import { batchData, buildBatch } from '../../../packages/node/src/settling/buildBatch.ts'
import type { Row, Table } from '../lib/report.ts'
import { createReceipts, domain } from './receipts.ts'
import { medianOfTurns } from './timing.ts'

const zero = `0x${'00'.repeat(32)}` as const

/** Times what the daemon does once the receipts are out of its journal: lines of data, their hash, and the tree. */
export async function measureData(counts: readonly number[], rounds: number): Promise<Table> {
  const rows: Row[] = []
  for (const count of counts) {
    const journal = {
      receipts: { rows: (first: number, last: number) => kept.slice(first - 1, last) },
    }
    const kept = createRows(count)
    const range = { first: 1, last: count }
    let bytes = 0
    for (const piece of batchData(journal as never, 1, count)) bytes += piece.bytes.length
    const [spent] = await medianOfTurns([() => buildBatch(journal as never, range)], rounds)
    rows.push({
      receipts: count,
      'MB of data': bytes / 1e6,
      'seconds of processor time': spent!.cpu,
      seconds: spent!.wall,
      'µs a receipt': (1e6 * spent!.cpu) / count,
    })
  }
  return {
    title: 'The same by the daemon, from its rows, with data of the batch and their hash',
    rows,
  }
}

/** Rows of a journal whose receipts show their claims, and nothing of what was said. */
function createRows(count: number): BatchRow[] {
  return createReceipts()(0, count).map((receipt, i) => {
    const claim = {
      ...{ requestId: toHex(i, { size: 32 }), model: receipt.servedModel, inputHash: zero },
      ...{
        outputHash: zero,
        evidenceHash: zero,
        unitsIn: receipt.unitsIn,
        unitsOut: receipt.unitsOut,
      },
    }
    const said = { servedModel: 'a-model', usage: 'upstream', content: 'bytes' }
    const document = JSON.stringify({ ...domain, receipt, claim, ...said }, (_, value) =>
      typeof value === 'bigint' ? `${value}` : value,
    )
    const signature = `${receipt.claimHash}${receipt.claimHash.slice(2)}1b` as const
    const id = keccak256(receipt.claimHash)
    return {
      id,
      document,
      signature,
      privacy: 'hashed',
      secret: zero,
      request: undefined,
      body: undefined,
    }
  })
}
