import { calldataGas } from './calldata.ts'
import { createGasChain, type GasChain } from './chain.ts'
import { createMeter, type Figure, type Meter } from './meter.ts'
import { type Profile, profileTransaction } from './profile.ts'
import { recostTransaction } from './recost.ts'
import { measureAudits } from './scenarios/audits.ts'
import { measureDispute } from './scenarios/dispute.ts'
import { measureEscrow } from './scenarios/escrow.ts'
import { measureGate } from './scenarios/gate.ts'
import { measureGovernance } from './scenarios/governance.ts'
import { measureKinds } from './scenarios/kinds.ts'
import { measureLedger } from './scenarios/ledger.ts'
import { measureMarket } from './scenarios/market.ts'
import { measureMinimal } from './scenarios/minimal.ts'
import { measureRegistry } from './scenarios/registry.ts'
import { measureStaking } from './scenarios/staking.ts'
import { measureVerifier } from './scenarios/verifier.ts'
import { externalFunctions } from './surface.ts'
import { writesOf } from './trace.ts'
import { deployWorld } from './world.ts'

/** A measured transaction with what its trace and its calldata say. */
export type MeasuredFigure = Figure & {
  /** Least that its calldata alone would cost; absent but for transactions. */
  floor?: number
  /** What the drafts of the next hard fork would charge; absent but for transactions. */
  recost?: number
}

export type Collected = {
  figures: MeasuredFigure[]
  /** Every external function of every deployed contract that can change state. */
  functions: string[]
  /** Slots that one job turned from zero to something in its whole life. */
  newSlotsPerJob: number
  /** The same of a batch of receipts whose place in the ring was used before. */
  newSlotsPerBatch: number
  /** Where the gas of the operations asked for went. */
  profiles: Record<string, Profile>
}

/** Calls of one job's happy life. */
const LIFE = ['JobMarket.request', 'JobMarket.answer', 'JobMarket.claim']

/** Calls of one batch's. */
const BATCH = ['ReceiptLedger.settle', 'ReceiptLedger.release']

/** Measures everything on a chain of its own; `profiled` operations are broken down as well. */
export async function collectGas(profiled: string[] = []): Promise<Collected> {
  const chain = await createGasChain()
  try {
    const meter = createMeter(chain)
    await measureMinimal(chain, meter)
    const world = await deployWorld(chain)
    const scene = { chain, meter, world }
    await measureEscrow(scene)
    await measureRegistry(scene)
    await measureStaking(scene)
    await measureMarket(scene)
    await measureVerifier(scene)
    await measureKinds(scene)
    await measureDispute(scene)
    await measureGate(scene)
    await measureAudits(scene)
    await measureLedger(scene)
    await measureGovernance(scene)

    const figures: MeasuredFigure[] = []
    for (const figure of meter.figures()) figures.push(await examine(chain, figure))
    return {
      figures,
      functions: await externalFunctions(),
      newSlotsPerJob: await countNewSlots(chain, meter, LIFE),
      newSlotsPerBatch: await countNewSlots(chain, meter, BATCH),
      profiles: await profile(chain, meter, profiled),
    }
  } finally {
    await chain.close()
  }
}

/** Gas above which a transaction is not traced: one of millions of steps takes gigabytes. */
const MAX_TRACED_GAS = 1_000_000

async function examine(chain: GasChain, figure: Figure): Promise<MeasuredFigure> {
  if (figure.kind !== 'transaction' || figure.hash === undefined) return figure
  const { input } = await chain.client.getTransaction({ hash: figure.hash })
  return {
    ...figure,
    floor: calldataGas(input).floor,
    ...(figure.gas <= MAX_TRACED_GAS && { recost: await recostTransaction(chain, figure.hash) }),
  }
}

async function countNewSlots(chain: GasChain, meter: Meter, operations: string[]) {
  let count = 0
  for (const operation of operations) {
    const hash = meter.figure(operation).hash!
    const { to } = await chain.client.getTransaction({ hash })
    const writes = await writesOf(chain, hash, to!)
    count += writes.filter(({ before, after }) => before === 0n && after !== 0n).length
  }
  return count
}

async function profile(chain: GasChain, meter: Meter, operations: string[]) {
  const profiles: Record<string, Profile> = {}
  for (const operation of operations) {
    const { hash } = meter.figure(operation)
    if (hash === undefined) throw new Error(`${operation} is computed, not a transaction`)
    profiles[operation] = await profileTransaction(chain, hash)
  }
  return profiles
}
