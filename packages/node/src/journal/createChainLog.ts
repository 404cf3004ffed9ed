import type { Address, Hash, Hex } from 'viem'

import type { Database, Row } from './openDatabase.ts'

/** A block as the journal keeps it. */
export type Header = { number: bigint; hash: Hash; timestamp: bigint }

/** An event that one of our contracts emitted. */
export type ChainLogEntry = {
  blockNumber: bigint
  blockTimestamp: bigint
  logIndex: number
  address: Address
  topics: [Hex, ...Hex[]]
  data: Hex
}

/** The journal's copy of the chain: the newest headers, and the events that matter. Its last header is the cursor. */
export type ChainLog = ReturnType<typeof createChainLog>

export function createChainLog({ all, get, run, atomically }: Database) {
  function append(header: Header, entries: readonly ChainLogEntry[], keep: number) {
    atomically(() => {
      for (const entry of entries) insertLog(run, entry)
      run(
        'INSERT OR REPLACE INTO headers (number, hash, timestamp) VALUES (?, ?, ?)',
        Number(header.number),
        header.hash,
        Number(header.timestamp),
      )
      run('DELETE FROM headers WHERE number <= ?', Number(header.number) - keep)
    })
  }

  const one = (row: Row | undefined) => (row === undefined ? undefined : headerOf(row))
  return {
    /** Adds a block and its events, and forgets all but the newest `keep` headers. */
    append,
    /** Forgets everything after block `number`. */
    rewind(number: bigint) {
      atomically(() => {
        run('DELETE FROM headers WHERE number > ?', Number(number))
        run('DELETE FROM logs WHERE block_number > ?', Number(number))
      })
    },
    /** The last block taken over. */
    cursor: () => one(get('SELECT * FROM headers ORDER BY number DESC LIMIT 1')),
    headerAt: (number: bigint) =>
      one(get('SELECT * FROM headers WHERE number = ?', Number(number))),
    /** Kept headers, newest first. */
    headers: () => all('SELECT * FROM headers ORDER BY number DESC').map(headerOf),
    /** All events, in the order of the chain. */
    entries: () => all('SELECT * FROM logs ORDER BY block_number, log_index').map(entryOf),
    /** Forgets one event whose story is over. */
    forget: ({ blockNumber, logIndex }: Pick<ChainLogEntry, 'blockNumber' | 'logIndex'>) =>
      run(
        'DELETE FROM logs WHERE block_number = ? AND log_index = ?',
        Number(blockNumber),
        logIndex,
      ),
  }
}

function insertLog(run: Database['run'], entry: ChainLogEntry) {
  run(
    `INSERT OR REPLACE INTO logs (block_number, log_index, block_timestamp, address, topics, data)
     VALUES (?, ?, ?, ?, ?, ?)`,
    Number(entry.blockNumber),
    entry.logIndex,
    Number(entry.blockTimestamp),
    entry.address,
    entry.topics.join(),
    entry.data,
  )
}

function headerOf(row: Row): Header {
  return {
    number: BigInt(String(row.number)),
    hash: row.hash as Hash,
    timestamp: BigInt(String(row.timestamp)),
  }
}

function entryOf(row: Row): ChainLogEntry {
  return {
    blockNumber: BigInt(String(row.block_number)),
    blockTimestamp: BigInt(String(row.block_timestamp)),
    logIndex: Number(row.log_index),
    address: row.address as Address,
    topics: String(row.topics).split(',') as [Hex, ...Hex[]],
    data: row.data as Hex,
  }
}
