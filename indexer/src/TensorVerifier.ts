import { answer, demand } from 'ponder:schema'
import { tensorVerifierAbi, trees } from '@assay/protocol'
import { type Address, isAddressEqual } from 'viem'

import { bond, payer } from './lib/accounts.ts'
import { post } from './lib/ledger.ts'
import { type Handled, on } from './lib/on.ts'
import { addRefutation } from './lib/refutations.ts'

/* REFUTATIONS */

on('TensorVerifier:ElementRefuted', async ({ event: { args }, db, at }) => {
  const { tensor, row, column, committed, computed } = args
  await addRefutation(db, at, args, {
    kind: 'Element',
    tensor: BigInt(tensor),
    row: BigInt(row),
    column: BigInt(column),
    committed: BigInt(committed),
    computed: BigInt(computed),
  })
})

on('TensorVerifier:OutputRefuted', async ({ event: { args }, db, at }) => {
  const { tracedHash: computedHash, claimedHash } = args
  await addRefutation(db, at, args, { kind: 'Output', computedHash, claimedHash })
})

on('TensorVerifier:RowRefuted', async ({ event: { args }, db, at }) => {
  const { length, expected } = args
  const [tensor, row] = [BigInt(args.tensor), BigInt(args.row)]
  await addRefutation(db, at, args, { kind: 'Row', tensor, row, length, expected })
})

on('TensorVerifier:ExecutionRefuted', async ({ event: { args }, db, at }) => {
  const { computedHash, claimedHash } = args
  await addRefutation(db, at, args, { kind: 'Execution', computedHash, claimedHash })
})

/* DEMANDS */

on('TensorVerifier:Demanded', async (handled) => {
  const { db, at, id, event, context } = handled
  const { claimId, demandId, source, demander, node, hash, supplyUntil } = event.args
  const verifier = event.log.address
  const amount = await context.client.readContract({
    abi: tensorVerifierAbi,
    address: verifier,
    functionName: 'DEMAND_BOND',
    cache: 'immutable',
  })
  const of = await db.find(answer, { claimId })
  const isOurs = of !== null && isAddressEqual(of.market, source)
  await db
    .insert(demand)
    .values({
      id: demandId,
      verifier,
      source,
      claimId,
      job: isOurs ? of.job : null,
      demander,
      tree: trees[node.tree] ?? 'Trace',
      index: BigInt(node.index),
      leaf: BigInt(node.leaf),
      hash,
      bond: amount,
      supplyUntil,
      status: 'Open',
      ...at,
    })
    .onConflictDoNothing()
  const job = isOurs ? { job: of.job } : {}
  await post(db, { at, id, event: 'Demanded', ...job }, [
    { from: payer(demander, verifier), to: bond(verifier), amount },
  ])
})

type DemandEnd = Extract<DemandRow['status'], 'Supplied' | 'TimedOut' | 'Reclaimed'>
type DemandRow = typeof demand.$inferSelect

/** Ends a known demand and gives its bond to somebody: nobody known if a source that is not indexed said who. */
async function endDemand(
  { db, at, id, event }: Handled<EndingEvents>,
  before: DemandRow,
  { status, to, ...set }: { status: DemandEnd; to: Address | undefined } & Partial<DemandRow>,
) {
  await db.update(demand, { id: before.id }).set({ ...set, status, endedAt: at.time })
  const verifier = event.log.address
  const job = before.job === null ? {} : { job: before.job }
  await post(db, { at, id, event: `Demand${status}`, ...job }, [
    { from: bond(verifier), to: payer(to, verifier), amount: before.bond },
  ])
}

type EndingEvents = `TensorVerifier:${'Supplied' | 'DemandTimedOut' | 'DemandReclaimed'}`

on('TensorVerifier:Supplied', async (handled) => {
  const { db } = handled
  const { claimId, demandId: id, supplier, data } = handled.event.args
  const before = await db.find(demand, { id })
  if (before === null) return
  const of = before.job === null ? null : await db.find(answer, { claimId })
  await endDemand(handled, before, { status: 'Supplied', to: of?.operator, supplier, data })
})

on('TensorVerifier:DemandTimedOut', async (handled) => {
  const { db, at } = handled
  const { claimId, demandId: id } = handled.event.args
  const before = await db.find(demand, { id })
  if (before === null) return
  const { source, demander: refuter } = before
  await endDemand(handled, before, { status: 'TimedOut', to: refuter })
  await addRefutation(db, at, { source, claimId, refuter }, { kind: 'Timeout', demand: id })
})

on('TensorVerifier:DemandReclaimed', async (handled) => {
  const before = await handled.db.find(demand, { id: handled.event.args.demandId })
  if (before === null) return
  await endDemand(handled, before, { status: 'Reclaimed', to: before.demander })
})
