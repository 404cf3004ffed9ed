import { setTimeout } from 'node:timers/promises'

import { collect } from '@assay/sdk'
import { execute, type Program } from '@assay/tensor'
import type { Sample } from '@assay/tensor/node'
import { bytesToHex, getAddress } from 'viem'
import { getBlockNumber } from 'viem/actions'
import type { AccessOutcome, Exchange } from './access/play.ts'
import { reportAccess, type SettledBatch } from './access/report.ts'
import { balanceRows, balancesOf, dollars, type Snapshot, snapshot, totalOf } from './balances.ts'
import type { Display } from './display.ts'
import { createExpectations, type Expectation, type Expectations } from './expectations.ts'
import { type HistoryEntry, readHistory } from './history.ts'
import { type Stack, shown } from './stack.ts'
import type { Outcome } from './story.ts'

export type ReportParameters = Stack & {
  outcome: Outcome
  /** What came of the questions over HTTP. */
  answers: AccessOutcome
  display: Display
  signal: AbortSignal
}

export type Report = {
  expectations: readonly Expectation[]
  history: HistoryEntry[]
  before: Snapshot
  after: Snapshot
  /** Seconds from the dead operator's slot to another's answer. */
  takeovers: readonly number[]
  /** Seconds from a wrong answer to its refutation. */
  refutations: readonly number[]
  exchanges: readonly Exchange[]
  batches: readonly SettledBatch[]
}

/** Has rewards claimed, then prints and checks what the indexer and the contracts say of the story. */
export async function reportStory(parameters: ReportParameters): Promise<Report> {
  const { cast, deployment, model, indexer, before, outcome, display, signal } = parameters
  display.chapter('Rewards')
  await claimRewards(parameters)
  const block = await getBlockNumber(cast.dapp.client, { cacheTime: 0 })
  await indexer.waitForBlock(block, { signal })

  display.chapter('The settlement history, as GraphQL tells it')
  const history = await readHistory(indexer.url)
  display.table(
    ['job', 'status', 'operator', 'fee', 'refund', 'answered after', 'settled after'],
    history.map((entry, i) => historyRow(parameters, entry, i)),
  )
  display.chapter('Balances, in tUSD')
  const after = await snapshot(cast, shown, deployment, model)
  display.table(['', 'wallet', 'escrow', 'stake', 'due', 'change'], balanceRows(before, after))
  display.chapter('Answers over HTTP, and the batches of their receipts')
  const { expect, all } = createExpectations()
  const { answers } = parameters
  const access = { cast, outcome: answers, indexerUrl: indexer.url, display, expect, signal }
  const batches = await reportAccess(access)
  display.chapter('What had to hold')
  await check(parameters, history, after, expect)
  const expectations = all()
  for (const { fact, held, seen } of expectations)
    display.event(`${held ? '✔' : '✘'} ${fact}: ${seen}`, held ? 'green' : 'red')
  const { takeovers, refutations } = outcome
  const { exchanges } = answers
  return { expectations, history, before, after, takeovers, refutations, exchanges, batches }
}

async function claimRewards(parameters: ReportParameters) {
  const { cast, deployment, model, before, display, signal } = parameters
  // Anybody may collect for an operator: the money goes to its payout address, also when it is dead.
  await collect(cast.dapp.client, { deployment, operator: cast.mort.address, models: [model] })
  for (const name of ['ada', 'bert', 'mort', 'wanda'] as const) {
    const balances = () => balancesOf(cast[name], deployment, model)
    let { due, wallet } = await balances()
    // The daemons of the living take out what they have earned by themselves.
    while (due > 0n && name !== 'mort') {
      await setTimeout(200, undefined, { signal })
      ;({ due, wallet } = await balances())
    }
    display.event(`${name} has received ${dollars(wallet - before[name]!.wallet)} tUSD`)
  }
}

function historyRow({ cast }: ReportParameters, entry: HistoryEntry, index: number): string[] {
  const { operator, requestedAt, answeredAt, settledAt, refutedAt, fee, refund } = entry
  const name = Object.values(cast).find(
    ({ address }) => operator !== null && address === getAddress(operator),
  )?.name
  const after = (time: number | null) => (time === null ? '' : `${time - requestedAt} s`)
  return [
    String(index + 1),
    entry.storedStatus,
    name ?? '',
    entry.storedStatus === 'Settled' ? dollars(fee) : '',
    dollars(refund),
    after(answeredAt),
    after(settledAt ?? refutedAt),
  ]
}

async function check(
  { cast, before, outcome, indexer, program, display }: ReportParameters,
  history: readonly HistoryEntry[],
  after: Snapshot,
  expect: Expectations['expect'],
): Promise<void> {
  const { jobs, takeovers, refutations } = outcome
  const settled = jobs.filter(({ end }) => end === 'Settled')
  const digits = new Set(settled.map(({ sample }) => sample))
  const asked = new Set(jobs.map(({ sample }) => sample))
  expect(
    'every digit has a final, paid answer',
    digits.size === asked.size,
    `${digits.size} of ${asked.size}`,
  )
  const exact = settled.filter(({ output, sample }) => output === answerOf(program, sample)).length
  expect(
    'every final answer is what the model says',
    exact === settled.length,
    `${exact} of ${settled.length}, to the bit`,
  )
  const right = settled.filter(({ digit, sample }) => digit === sample.label).length
  display.event(`the model reads ${right} of ${settled.length} digits right`)
  const byLiar = settled.filter(({ answeredBy }) => answeredBy === cast.mallory.address).length
  expect('no lie became final', byLiar === 0, `${byLiar} settled answers of mallory`)
  expect(
    'the liar was refuted',
    refutations.length > 0,
    `${refutations.length} times, after ${spread(refutations)} s`,
  )
  const lost = totalOf(before.mallory!) - totalOf(after.mallory!)
  expect('the liar was slashed', lost > 0n, `it lost ${dollars(lost)}`)
  const won = totalOf(after.wanda!) - totalOf(before.wanda!)
  expect('the watcher was rewarded', won > 0n, `it won ${dollars(won)}`)
  expect(
    "the dead operator's jobs were taken over",
    takeovers.length > 0,
    `${takeovers.length} jobs, ${spread(takeovers)} s after its slot`,
  )
  for (const name of ['ada', 'bert'] as const) {
    const earned = after[name]!.wallet - before[name]!.wallet
    expect(`${name} was paid`, earned > 0n, dollars(earned))
  }
  const same = history.filter(
    ({ id, storedStatus }) => jobs.find((job) => job.id === id)?.end === storedStatus,
  )
  expect(
    'GraphQL tells the same story',
    same.length === jobs.length,
    `${same.length} of ${jobs.length} jobs`,
  )
  const audit = await fetch(`${indexer.url}/audit/balance`)
  expect('the ledger equals the token balances', audit.ok, `audit answered ${audit.status}`)
}

function answerOf(program: Program, { input }: Sample) {
  return bytesToHex(execute(program, input).at(-1)!)
}

/** "2", or "1 to 3, median 2". */
function spread(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b)
  const [least, most] = [sorted[0], sorted.at(-1)]
  return least === most
    ? String(least)
    : `${least} to ${most}, median ${sorted[sorted.length >> 1]}`
}
