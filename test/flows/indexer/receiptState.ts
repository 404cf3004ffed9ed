import type { Batch } from '@assay/protocol/receipt'
import { type Address, type Hash, zeroAddress } from 'viem'

import type { World } from './deployWorld.ts'
import { type Row, readTables } from './query.ts'
import type { State } from './state.ts'

/** A part of the state: its name and its fields in one text. */
type Entry = [string, string]

const join = (...fields: unknown[]) => fields.map((field) => `${field}`.toLowerCase()).join(' ')

/** What the views tell of tabs, pledges, signers and disputed receipts; what nobody touched is left out. */
export async function readReceipts(world: World): Promise<State> {
  const { ledger, operators, payers, known } = world
  const channels = operators.flatMap((operator) => payers.map((payer) => ({ operator, payer })))
  const entries = await Promise.all([
    ...channels.map(({ payer, operator }) => readTab(world, payer, operator)),
    ...operators.map(async (operator): Promise<Entry> => {
      const { pledged, reserved, batches } = await ledger.read.pledgeOf([operator])
      return [join('pledge', operator), join(pledged, reserved, batches)]
    }),
    ...channels.map(async ({ operator, payer: signer }): Promise<Entry> => {
      const until = await ledger.read.signerUntil([operator, signer])
      return [join('signer', operator, signer), join(until)]
    }),
    ...[...known.receipts].map((id) => readDispute(world, id)),
  ])
  return touched(entries)
}

async function readTab({ ledger }: World, payer: Address, operator: Address): Promise<Entry> {
  const { funded, spent, thawedAt, epoch } = await ledger.read.tabOf([payer, operator])
  return [join('tab', payer, operator), join(funded, spent, thawedAt, epoch)]
}

async function readDispute({ ledger }: World, id: Hash): Promise<Entry> {
  const state = await ledger.read.disputeOf([id])
  const marks = [state.equivocated, state.omitted, state.refuted, state.refunded]
  const demander = state.demander === zeroAddress ? null : state.demander
  return [join('receipt', id), join(...marks, state.openChallenges, demander, state.deadline)]
}

const touched = (entries: Entry[]): State =>
  Object.fromEntries(entries.filter(([, value]) => /[^0 ]/.test(value)))

const tables = {
  tabs: 'payer operator funded spent thawedAt epoch',
  pledges: 'operator pledged reserved batches',
  receiptSigners: 'operator signer until',
  receiptDisputes: 'id equivocated omitted refuted refunded openChallenges demand',
  receiptDemands: 'id demander deadline',
}

/** Reads the same state out of the index. */
export async function readIndexedReceipts(url: string): Promise<State> {
  const rows = await readTables(url, tables)
  const demands = new Map(rows.receiptDemands.map((row) => [row.id, row]))
  return touched([
    ...rows.tabs.map(
      ({ payer, operator, funded, spent, thawedAt, epoch }): Entry => [
        join('tab', payer, operator),
        join(funded, spent, thawedAt ?? 0, epoch),
      ],
    ),
    ...rows.pledges.map(
      ({ operator, pledged, reserved, batches }): Entry => [
        join('pledge', operator),
        join(pledged, reserved, batches),
      ],
    ),
    ...rows.receiptSigners.map(
      ({ operator, signer, until }): Entry => [join('signer', operator, signer), join(until)],
    ),
    ...rows.receiptDisputes.map((row): Entry => {
      const { demander = null, deadline = 0 } = demands.get(row.demand ?? '') ?? {}
      const marks = [row.equivocated, row.omitted, row.refuted, row.refunded]
      return [join('receipt', row.id), join(...marks, row.openChallenges, demander, deadline)]
    }),
  ])
}

/** A row of a batch as the ledger's functions take it. */
export function batchOfRow(row: Row): Batch {
  const amount = (name: string) => BigInt(`${row[name]}`)
  return {
    operator: row.operator as Address,
    number: amount('number'),
    root: row.root as Hash,
    count: amount('count'),
    outcomesHash: row.outcomesHash as Hash,
    amount: amount('amount'),
  }
}
