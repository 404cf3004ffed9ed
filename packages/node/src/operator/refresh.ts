import { isAddressEqual } from 'viem'

import type { JobRecord } from '../book/records.ts'
import type { SeenHead } from '../daemon/blockClock.ts'
import { type OperatorContext, stakeKey } from './operator.ts'

/** Rivals whose slots are looked at, at most. */
const maxRivals = 64

/** Reads what plans are made from: stakes at the newest block, and what open jobs refer to. */
export async function refresh(context: OperatorContext, head: SeenHead) {
  const open = [...context.book.jobs.values()].filter(isUnanswered)
  await Promise.all([
    refreshStakes(context, head, open),
    ...open.map((record) => refreshSeed(context, head, record)),
    ...open.map((record) => refreshParameters(context, record)),
  ])
}

function isUnanswered({ answer, end }: JobRecord) {
  return answer === undefined && end === undefined
}

async function refreshStakes(context: OperatorContext, head: SeenHead, open: JobRecord[]) {
  const { backends, book, operator, operatorPolicy, reader, stakes } = context
  if (context.stakesAt.hash === head.hash) return
  const wantsRivals = operatorPolicy.mode === 'auto'
  const pairs = backends.flatMap(({ modelVersion: model }) => {
    const isWanted = wantsRivals && open.some(({ job }) => job.model === model)
    const others = isWanted ? [...(book.stakers.get(model) ?? [])] : []
    const rivals = others.filter((other) => !isAddressEqual(other, operator)).slice(0, maxRivals)
    return [operator, ...rivals].map((account) => ({ model, operator: account }))
  })
  const found = await Promise.all(
    pairs.map((pair) => reader.stakeOf({ ...pair, blockNumber: head.number })),
  )
  stakes.clear()
  for (const [index, { model, operator: account }] of pairs.entries()) {
    stakes.set(stakeKey(model, account), found[index]!)
  }
  context.stakesAt.hash = head.hash
}

async function refreshSeed(context: OperatorContext, head: SeenHead, record: JobRecord) {
  const { client, journal, seeds } = context
  const number = record.requestedBlock + 1n
  if (seeds.has(record.id) || number > head.number) return
  const header = journal.chain.headerAt(number) ?? (await client.getBlock({ blockNumber: number }))
  seeds.set(record.id, header.hash)
}

async function refreshParameters({ parameters, reader }: OperatorContext, { job }: JobRecord) {
  const id = job.parametersId
  if (!parameters.has(id)) parameters.set(id, await reader.parameters(id))
}
