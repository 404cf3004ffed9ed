import type { BenchReport, Row, Table } from '../bench/lib/report.ts'
import type { Collected, MeasuredFigure } from './collect.ts'
import { type Goal, goals, MAX_NEW_SLOTS_PER_BATCH, MAX_NEW_SLOTS_PER_JOB } from './goals.ts'
import { type Peer, peers } from './peers.ts'
import type { Comparison } from './snapshot.ts'

/** Operation that a peer's figure is compared with. */
const counterparts: Record<Peer['subject'], string> = {
  answer: 'JobMarket.answer',
  claim: 'JobMarket.claim',
  collect: 'ReceiptLedger.settle1',
  collectEach: 'ReceiptLedger.settleEachOf50',
  life: 'JobMarket.life',
  prove: 'TensorVerifier.prove784',
  request: 'JobMarket.request',
  slash: 'OperatorStaking.slash',
}

/** Hand-written contract that marks what an operation could cost at least. */
const minimal: Record<string, string> = {
  'JobMarket.request': 'MinimalMarket.request',
  'JobMarket.answer': 'MinimalMarket.commit',
  'JobMarket.commit': 'MinimalMarket.commit',
  'JobMarket.claim': 'MinimalMarket.settle',
  'JobMarket.claimFixedFee': 'MinimalMarket.settle',
  'JobMarket.life': 'MinimalMarket.life',
  'JobMarket.lifeFixedFee': 'MinimalMarket.life',
  'OperatorStaking.slash': 'MinimalSlashing.slash',
  'ReceiptLedger.settle1': 'MinimalVouchers.collect',
  'ReceiptLedger.settleEachOf50': 'MinimalVouchers.collectEachOf50',
}

const notes = [
  'Whole transactions at osaka (21,000 base, calldata floor and refunds in), second use of every slot, unless the kind says otherwise.',
  'A call is what it used inside its transaction, before refunds; 21,000 and calldata are not in it.',
  'Minimal contracts mean the same without models, stake, sortition, callbacks, governance or EIP-712 (contracts/mocks).',
  'Where the fee rises, part of what was escrowed returns at the claim: one balance more than the minimal contract touches.',
  'A proof holds the whole refutation (refund, slash, reward) and judges a neuron; MIPS.step judges one instruction and settles nothing.',
  'Peers are constants; "measured" means run on an osaka chain in steady state, "published" is their own committed figure.',
  'The next fork is computed from drafts (EIP-2780, 7976, 8037, 8038): it shows what new slots and calldata would cost.',
]

/** Lays out everything that was measured. */
export function reportGas(collected: Collected): BenchReport {
  const { figures } = collected
  const tables = [
    goalTable(collected),
    { title: 'Every operation', rows: figures.map(operationRow) },
    { title: 'The same elsewhere', rows: peers.map((peer) => peerRow(figures, peer)) },
    ...profileTables(collected),
  ]
  return { tables: tables.filter(({ rows }) => rows.length > 0), notes }
}

function gasOf(figures: MeasuredFigure[], operation: string | undefined): number | undefined {
  return figures.find((figure) => figure.operation === operation)?.gas
}

function goalTable({ figures, newSlotsPerBatch, newSlotsPerJob }: Collected): Table {
  const rows = goals.map((goal) => goalRow(figures, goal))
  rows.push(slotRow('new storage slots per job', newSlotsPerJob, MAX_NEW_SLOTS_PER_JOB))
  rows.push(slotRow('new storage slots per batch', newSlotsPerBatch, MAX_NEW_SLOTS_PER_BATCH))
  return { title: 'Goals', rows }
}

function slotRow(operation: string, count: number, limit: number): Row {
  const result = count <= limit ? 'pass' : 'miss'
  return { Operation: operation, Figure: count, Goal: limit, Result: result }
}

function goalRow(figures: MeasuredFigure[], { operation, limit }: Goal): Row {
  const figure = figures.find((candidate) => candidate.operation === operation)
  if (figure === undefined) return { Operation: operation, Goal: limit, Result: 'not measured' }
  const least = gasOf(figures, minimal[operation])
  return {
    Operation: operation,
    Figure: figure.gas,
    Goal: limit,
    Result: figure.gas <= limit ? 'pass' : 'miss',
    ...(least === undefined ? {} : { Minimal: least, 'Ours/minimal': figure.gas / least }),
    ...(figure.floor === undefined
      ? {}
      : { 'Calldata floor': figure.floor, 'Ours/floor': figure.gas / figure.floor }),
  }
}

function operationRow({ operation, gas, kind, recost, about = '' }: MeasuredFigure): Row {
  return {
    Operation: operation,
    Gas: gas,
    ...(recost === undefined ? {} : { 'Next fork': recost }),
    Kind: kind,
    About: about,
  }
}

function peerRow(figures: MeasuredFigure[], peer: Peer): Row {
  const ours = gasOf(figures, counterparts[peer.subject])
  return {
    Here: counterparts[peer.subject],
    Peer: peer.peer,
    Operation: peer.operation,
    Gas: peer.gas,
    ...(ours === undefined ? {} : { Ours: ours, 'Peer/ours': peer.gas / ours }),
    Evidence: peer.evidence,
    Source: peer.source,
  }
}

function profileTables({ profiles }: Collected): Table[] {
  return Object.entries(profiles).flatMap(([operation, { parts, contracts }]) => [
    { title: `Where the gas of ${operation} went`, rows: parts },
    { title: `Execution of ${operation} by contract`, rows: contracts },
  ])
}

/** Lays out what differs from the snapshot, worst first. */
export function reportComparison(comparison: Comparison, unmeasured: string[]): Table[] {
  const { added, grown, shrunk, vanished } = comparison
  const tables = [
    { title: 'Grew too much', rows: grown.toSorted((a, b) => b.percent - a.percent) },
    { title: 'Vanished', rows: vanished.map((operation) => ({ operation })) },
    { title: 'External functions without a figure', rows: unmeasured.map((name) => ({ name })) },
    { title: 'Not in the snapshot yet', rows: added.map((operation) => ({ operation })) },
    { title: 'Shrank', rows: shrunk.toSorted((a, b) => a.percent - b.percent) },
  ]
  return tables.filter(({ rows }) => rows.length > 0)
}
