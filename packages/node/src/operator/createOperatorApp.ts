import type { Hono } from 'hono'
import { cors } from 'hono/cors'
import { type Hash, isHash } from 'viem'

import { type CreateStatusAppDependencies, createStatusApp } from '../http/createStatusApp.ts'
import type { Results } from '../journal/createResults.ts'

export type CreateOperatorAppDependencies = CreateStatusAppDependencies & {
  results: Pick<Results, 'trace'>
}

/** Creates the operator's HTTP interface: committed traces for everybody, and its own health. */
export function createOperatorApp(dependencies: CreateOperatorAppDependencies): Hono {
  const { results } = dependencies
  const app = createStatusApp(dependencies)
  app.get('/traces/:claimId', cors(), (context) => {
    const claimId = context.req.param('claimId').toLowerCase()
    const trace = isHash(claimId) ? results.trace(claimId as Hash) : undefined
    if (trace === undefined) return context.json({ error: 'no trace of this claim is here' }, 404)
    return context.body(trace, 200, {
      'content-type': 'application/octet-stream',
      // A claim's trace can never change: the claim commits to it.
      'cache-control': 'public, max-age=31536000, immutable',
    })
  })
  return app
}
