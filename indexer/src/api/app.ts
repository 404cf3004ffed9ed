import { Hono } from 'hono'
import { stream } from 'hono/streaming'
import { z } from 'zod'

import { type BalanceDeps, readBalances } from './balance.ts'
import { csvLine } from './csv.ts'
import { type JobRow, jobColumns, jobFilterSchema, readJobs } from './jobRows.ts'
import { toText } from './reply.ts'

export type AppDeps = BalanceDeps

/** A file format of an export: its type, first line and lines of jobs. */
type Format = { type: string; head: string; line: (row: JobRow) => string }

const formats: Record<string, Format> = {
  'jobs.jsonl': { type: 'application/jsonl', head: '', line: (row) => `${toText(row)}\n` },
  'jobs.csv': {
    type: 'text/csv; charset=utf-8',
    head: csvLine(jobColumns),
    line: (row) => csvLine(jobColumns.map((column) => row[column])),
  },
}

/** Creates the routes that are not GraphQL: `/audit/balance` and `/export/jobs.{jsonl,csv}`. */
export function createApp(deps: AppDeps): Hono {
  const app = new Hono()
  const asJson = { 'content-type': 'application/json' }

  app.get('/audit/balance', async (c) => {
    const balances = await readBalances(deps)
    return c.body(toText(balances), balances.isBalanced ? 200 : 409, asJson)
  })

  for (const [name, { type, head, line }] of Object.entries(formats)) {
    app.get(`/export/${name}`, (c) => {
      const { data: filter, error } = jobFilterSchema.safeParse(c.req.query())
      if (filter === undefined) return c.json({ error: z.prettifyError(error) }, 400)
      c.header('content-type', type)
      return stream(c, async (out) => {
        if (head !== '') await out.write(head)
        for await (const page of readJobs(deps.db, filter)) {
          if (out.aborted) return
          await out.write(page.map(line).join(''))
        }
      })
    })
  }
  return app
}
