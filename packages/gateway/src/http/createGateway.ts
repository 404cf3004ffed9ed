import { tasks } from '@assay/protocol/http'
import { Hono } from 'hono'
import { cors } from 'hono/cors'

import type { Catalog } from '../catalog/upstream.ts'
import { RequestError } from '../errors.ts'
import type { Observe } from '../events.ts'
import type { Journal } from '../journal/openJournal.ts'
import { type Keys, wallet } from '../keys/createKeys.ts'
import type { Purse } from '../purse/purse.ts'
import type { Router } from '../router/createRouter.ts'
import type { Sale } from '../sale/createSale.ts'
import { addRelayRoute, type Relay } from '../sealed/addRelayRoute.ts'
import type { Clock } from '../support/clock.ts'
import { addAnswerRoutes } from './addAnswerRoutes.ts'
import { addModelRoutes } from './addModelRoutes.ts'
import { addReceiptRoutes } from './addReceiptRoutes.ts'
import { errorResponse, unforeseen } from './errorResponse.ts'

export type CreateGatewayDependencies = {
  router: Router
  catalog: Catalog
  keys: Keys
  journal: Journal
  purse: Purse | undefined
  relay: Relay
  /** Sells single answers; undefined where only keys count. */
  sale: Sale | undefined
  clock: Clock
  observe: Observe
  /** Returns the numbers, in the text format of Prometheus. */
  renderMetrics: () => Promise<string>
  limits: {
    /** Bytes of a request's body. */
    bodyBytes: number
    /** Bytes of an answer that is kept for who asks again. */
    keptBytes: number
  }
  /** Origins of web pages that may ask; `*` for any. */
  origins: readonly string[]
  /** Told of errors that were not foreseen. */
  reportError: (error: unknown) => void
}

/** Parts that the routes share. */
export type GatewayScene = CreateGatewayDependencies & {
  /** Returns the name of the key that a request comes with; throws `RequestError`. */
  authenticate: (request: Request) => string
  /** The same for who asks for an answer, which who has no key may pay for by itself: `wallet` is its name. */
  identify: (request: Request) => string
  /** The same for who only reads what there is: wallets may, too. */
  admitReader: (request: Request) => void
}

/** Response headers that pages of other origins may read. */
const exposed = [
  ...['x-request-id', 'retry-after', 'x-should-retry'],
  ...['operator', 'model', 'served-model', 'attempts', 'reason', 'verification'].map(
    (name) => `x-assay-${name}`,
  ),
  ...['x-assay-receipt', 'x-assay-receipt-id', 'x-assay-secret'],
  ...['payment-required', 'payment-response'],
]

/**
 * Creates the gateway as an app: OpenAI's API over whoever the catalog knows.
 *
 * @example
 * const gateway = createGateway(dependencies)
 * const response = await gateway.request('/v1/models')
 */
export function createGateway(dependencies: CreateGatewayDependencies): Hono {
  const { keys, catalog, renderMetrics, origins, sale } = dependencies
  const app = new Hono()
  const authorizationOf = ({ headers }: Request) => headers.get('authorization') ?? undefined
  const authenticate = (request: Request) => keys.authenticate(authorizationOf(request))
  const scene: GatewayScene = {
    ...{ ...dependencies, authenticate },
    identify: (request) =>
      sale === undefined ? authenticate(request) : (keys.find(authorizationOf(request)) ?? wallet),
    admitReader: (request) => sale === undefined && authenticate(request),
  }
  const origin = origins.includes('*') ? '*' : [...origins]
  app.use('*', cors({ origin, exposeHeaders: exposed, maxAge: 86_400 }))
  app.get('/healthz', (context) => {
    const upstreams = catalog.upstreams().length
    const isHealthy = upstreams > 0
    return context.json({ isHealthy, upstreams }, isHealthy ? 200 : 503)
  })
  app.get('/metrics', async (context) =>
    context.text(await renderMetrics(), 200, { 'content-type': 'text/plain; version=0.0.4' }),
  )
  addAnswerRoutes(app, scene, tasks)
  addModelRoutes(app, scene)
  addReceiptRoutes(app, scene)
  addRelayRoute(app, scene)
  app.notFound((context) => {
    const message = `There is no ${context.req.method} ${context.req.path}.`
    return errorResponse(new RequestError(404, 'unknown_url', message))!
  })
  app.onError((error) => {
    const response = errorResponse(error)
    if (response !== undefined) return response
    dependencies.reportError(error)
    return unforeseen()
  })
  return app
}
