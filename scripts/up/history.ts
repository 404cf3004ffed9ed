import { z } from 'zod'

const query = `query History($after: String) {
  jobs(orderBy: "position", orderDirection: "asc", limit: 1000, after: $after) {
    items { id storedStatus operator fee protocolFee refund requestedAt: time answeredAt settledAt refutedAt }
    pageInfo { hasNextPage endCursor }
  }
}`

const amount = z.string().transform(BigInt)
const time = z.string().transform(Number)

const pageSchema = z.object({
  data: z.object({
    jobs: z.object({
      items: z.array(
        z.object({
          id: z.string(),
          storedStatus: z.string(),
          operator: z.string().nullable(),
          fee: amount,
          protocolFee: amount,
          refund: amount,
          requestedAt: time,
          answeredAt: time.nullable(),
          settledAt: time.nullable(),
          refutedAt: time.nullable(),
        }),
      ),
      pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
    }),
  }),
})

export type HistoryEntry = z.output<typeof pageSchema>['data']['jobs']['items'][number]

/** Reads every job from the indexer, oldest first, page by page. */
export async function readHistory(url: string): Promise<HistoryEntry[]> {
  const entries: HistoryEntry[] = []
  let after: string | null = null
  do {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables: { after } }),
    })
    const { items, pageInfo } = pageSchema.parse(await response.json()).data.jobs
    entries.push(...items)
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null
  } while (after !== null)
  return entries
}
