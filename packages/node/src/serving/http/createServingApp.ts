import { errorBody, headers as names, type Task } from '@assay/protocol/http'
import { type Context, Hono } from 'hono'
import { cors } from 'hono/cors'

import { BusyError } from '../errors.ts'
import { admitAsked } from './admitAsked.ts'
import { answerAsked, repeat, tellOf } from './answerAsked.ts'
import { failureFor } from './errorResponse.ts'
import { listModels, showModel } from './models.ts'
import { readAsked } from './readAsked.ts'
import type { Asked, ServingDependencies } from './serving.ts'

const routes: Record<string, Task> = {
  '/v1/chat/completions': 'chat',
  '/v1/embeddings': 'embeddings',
  '/v1/images/generations': 'images',
  '/v1/infer': 'infer',
}

const exposeHeaders = [
  ...[...Object.values(names), 'x-request-id', 'retry-after', 'x-should-retry'],
  ...['payment-required', 'payment-response'],
]

/** Creates OpenAI's API over an operator's models, with payment and receipts in its headers (docs/protocol/http.md). */
export function createServingApp(dependencies: ServingDependencies): Hono {
  const app = new Hono()
  app.use('/v1/*', cors({ origin: '*', exposeHeaders, maxAge: 86_400 }))
  app.use('/v1/*', async (context, next) => {
    await next()
    context.header('x-request-id', `req_${dependencies.random().slice(2, 34)}`)
  })
  for (const [path, task] of Object.entries(routes)) {
    app.post(path, (context) => serve(context, task, dependencies))
    app.all(path, (context) => refuse(context, 405, 'method_not_allowed'))
  }
  app.get('/v1/models', (context) => context.json(listModels(dependencies)))
  app.get('/v1/models/:name{.+}', (context) => {
    try {
      return context.json(showModel(context.req.param('name'), dependencies))
    } catch (error) {
      return fail(error)
    }
  })
  app.all('/v1/*', (context) => refuse(context, 404, 'unknown_url'))
  return app
}

async function serve(context: Context, task: Task, dependencies: ServingDependencies) {
  const { observe, clock } = dependencies
  const account = dependencies.bodies.open()
  let asked: Asked | undefined
  const onOver = (status: number) => {
    if (asked === undefined) return
    const { model, startedAt } = asked
    const durationMs = clock.elapsed() - startedAt
    observe({ type: 'ended', model: model.name, task, status, durationMs })
  }
  try {
    if (dependencies.isDraining()) throw new BusyError({ retryAfterMs: 1_000 })
    asked = await readAsked(task, context.req.raw, account, dependencies)
    observe({ type: 'begun', model: asked.model.name, task })
    const admitted = await admitAsked(asked, dependencies)
    if (admitted.kind === 'admitted') {
      return await answerAsked(asked, admitted.admission, dependencies, onOver)
    }
    const response = await repeat(asked, admitted, dependencies)
    onOver(200)
    return response
  } catch (error) {
    const response = fail(error)
    const isGone = context.req.raw.signal.aborted
    if (asked !== undefined) tellOf(error, asked, observe)
    else if (response.status === 500 && !isGone) {
      observe({ type: 'servingFailed', requestName: context.req.path, error })
    }
    onOver(isGone ? 0 : response.status)
    return response
  } finally {
    account.close()
  }
}

function fail(error: unknown): Response {
  const { status, body, headers } = failureFor(error)
  return Response.json(body, { status, headers })
}

function refuse(context: Context, status: 404 | 405, code: string) {
  const message = `Nothing here answers ${context.req.method} ${context.req.path}.`
  return context.json(errorBody({ message, type: 'invalid_request_error', code }), status)
}
