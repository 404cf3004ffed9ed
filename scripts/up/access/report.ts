import { setTimeout } from 'node:timers/promises'

import { type Address, getAddress, type Hash } from 'viem'
import { z } from 'zod'

import { dollars } from '../balances.ts'
import type { Cast } from '../cast.ts'
import type { Display } from '../display.ts'
import type { Expectations } from '../expectations.ts'
import type { AccessOutcome } from './play.ts'
import { servers } from './setUp.ts'

export type SettledBatch = {
  operator: Address
  /** Receipts. */
  count: number
  /** Token units that were collected. */
  amount: bigint
  root: Hash
}

const query = `query Batches {
  batchSettlements(orderBy: "number", limit: 1000) { items { operator count amount root } }
  receiptCollections(limit: 1000) { items { operator payer status sequence } }
}`

const pageSchema = z.object({
  data: z.object({
    batchSettlements: z.object({
      items: z.array(
        z.object({
          operator: z.string().transform((value) => getAddress(value)),
          count: z.string().transform(Number),
          amount: z.string().transform(BigInt),
          root: z.string().transform((value) => value as Hash),
        }),
      ),
    }),
    receiptCollections: z.object({
      items: z.array(
        z.object({
          operator: z.string().transform((value) => getAddress(value)),
          payer: z.string().transform((value) => getAddress(value)),
          status: z.string(),
          sequence: z.string().transform(BigInt),
        }),
      ),
    }),
  }),
})

type Page = z.output<typeof pageSchema>['data']

async function read(url: string): Promise<Page> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  })
  return pageSchema.parse(await response.json()).data
}

export type ReportAccessParameters = {
  cast: Cast
  outcome: AccessOutcome
  indexerUrl: string
  display: Display
  expect: Expectations['expect']
  signal: AbortSignal
}

/** Waits until every receipt is settled, then prints and checks what became of the dApp's questions. */
export async function reportAccess(parameters: ReportAccessParameters): Promise<SettledBatch[]> {
  const { cast, outcome, display, expect } = parameters
  const { exchanges, answers } = outcome
  const page = await waitForBatches(parameters)
  const batches = page.batchSettlements.items
  display.table(
    ['operator', 'answers', 'taken over', 'batches', 'receipts', 'collected'],
    servers.map((name) => rowOf(parameters, page, name)),
  )
  const answered = exchanges.filter(({ end }) => end === 'answered')
  const refused = exchanges.filter(({ end }) => end === 'refused').length
  const broken = exchanges.filter(({ end }) => end === 'broken').length
  expect(
    'no question failed that had not yet streamed a byte',
    refused === 0 && answered.length > 0,
    `${answered.length} answered, ${refused} refused, ${broken} broken off with an error`,
  )
  const takenOver = answered.filter(({ attempts }) => attempts > 1).length
  expect('other operators took over', takenOver > 0, `${takenOver} answers came on a later attempt`)
  expect(
    'every answer had a receipt that the dApp checked itself',
    answers.length >= answered.length,
    `${answers.length} receipts for ${answered.length} answers`,
  )
  const fees = answers.reduce((sum, { document }) => sum + document.receipt.fee, 0n)
  const collected = batches.reduce((sum, { amount }) => sum + amount, 0n)
  const receipts = batches.reduce((sum, { count }) => sum + count, 0)
  const busy = servers.filter((name) =>
    batches.some(({ operator }) => operator === cast[name].address),
  )
  expect(
    'GraphQL shows every receipt in a batch, and its fee collected',
    isSettled(parameters, page) && receipts === answers.length,
    `${receipts} receipts in ${batches.length} batches of ${busy.join(', ')}`,
  )
  expect('what was collected is what was charged', collected === fees, `${dollars(collected)} tUSD`)
  return batches
}

/** Whether every receipt that the dApp has is collected. */
function isSettled({ outcome }: ReportAccessParameters, { receiptCollections }: Page): boolean {
  return outcome.answers.every(({ document: { receipt } }) =>
    receiptCollections.items.some(
      ({ operator, payer, status, sequence }) =>
        operator === receipt.operator &&
        payer === receipt.payer &&
        status === 'Collected' &&
        sequence >= receipt.sequence,
    ),
  )
}

async function waitForBatches(parameters: ReportAccessParameters): Promise<Page> {
  const { indexerUrl, signal } = parameters
  for (;;) {
    const page = await read(indexerUrl)
    if (isSettled(parameters, page)) return page
    await setTimeout(300, undefined, { signal })
  }
}

function rowOf(
  { cast, outcome }: ReportAccessParameters,
  { batchSettlements }: Page,
  name: (typeof servers)[number],
): string[] {
  const { address } = cast[name]
  const answered = outcome.exchanges.filter(({ by, end }) => by === address && end === 'answered')
  const batches = batchSettlements.items.filter(({ operator }) => operator === address)
  return [
    name,
    String(answered.length),
    String(answered.filter(({ attempts }) => attempts > 1).length),
    String(batches.length),
    String(batches.reduce((sum, { count }) => sum + count, 0)),
    dollars(batches.reduce((sum, { amount }) => sum + amount, 0n)),
  ]
}
