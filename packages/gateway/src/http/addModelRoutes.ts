import type { Hono } from 'hono'

import type { Offer, Upstream } from '../catalog/upstream.ts'
import { RequestError } from '../errors.ts'
import type { GatewayScene } from './createGateway.ts'

type Listed = { upstream: Upstream; offer: Offer }

/** Adds the routes that say which models can be asked for, and who answers for them. */
export function addModelRoutes(app: Hono, { catalog, admitReader }: GatewayScene): void {
  const listed = () => {
    const byName = new Map<string, Listed[]>()
    for (const upstream of catalog.upstreams()) {
      for (const [name, offer] of upstream.offers) {
        byName.set(name, [...(byName.get(name) ?? []), { upstream, offer }])
      }
    }
    return byName
  }
  app.get('/v1/models', (context) => {
    admitReader(context.req.raw)
    const data = [...listed()].map(([name, offers]) => modelOf(name, offers))
    return context.json({ object: 'list', data })
  })
  app.get('/v1/models/:name{.+}', (context) => {
    admitReader(context.req.raw)
    const name = context.req.param('name')
    const offers = listed().get(name)
    if (offers !== undefined) return context.json(modelOf(name, offers))
    throw new RequestError(404, 'model_not_found', `The model ${name} does not exist here.`)
  })
}

function modelOf(id: string, listed: readonly Listed[]) {
  const upstreams = listed.map(({ upstream, offer }) => ({
    id: upstream.id,
    version: offer.version ?? null,
    tasks: offer.tasks,
    price: {
      perRequest: `${offer.price.perRequest}`,
      perMillionIn: `${offer.price.perMillionIn}`,
      perMillionOut: `${offer.price.perMillionOut}`,
    },
    maxUnitsOut: offer.maxUnitsOut,
    verification: offer.verification,
    stake: `${upstream.stake}`,
  }))
  return { id, object: 'model', created: 0, owned_by: listed[0]!.upstream.id, assay: { upstreams } }
}
