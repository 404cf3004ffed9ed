import { forms } from '@assay/protocol/ohttp'
import type { Hono } from 'hono'
import { type Address, isAddress, isAddressEqual } from 'viem'

import type { Catalog } from '../catalog/upstream.ts'
import { RequestError } from '../errors.ts'
import type { Observe } from '../events.ts'
import { readBody } from '../http/readBody.ts'
import type { Budgets } from '../router/answer.ts'
import type { Clock } from '../support/clock.ts'
import type { Transport } from '../upstream/transport.ts'
import { carry } from './carry.ts'

/** What carries sealed requests. */
export type Relay = {
  transport: Transport
  budgets: Pick<Budgets, 'firstTokenMs' | 'betweenTokensMs' | 'bodyMs'>
  /** Whether anybody may have sealed requests carried, without an API key. */
  isPublic: boolean
}

export type AddRelayRouteDependencies = {
  relay: Relay
  catalog: Pick<Catalog, 'upstreams'>
  clock: Pick<Clock, 'elapsed'>
  observe: Observe
  limits: { bodyBytes: number }
  /** Throws `RequestError` for who may not ask. */
  authenticate: (request: Request) => string
}

/** Adds the route that passes sealed requests on unread, to operators that are known (docs/protocol/sealed.md). */
export function addRelayRoute(app: Hono, dependencies: AddRelayRouteDependencies): void {
  const { relay, catalog, limits, authenticate } = dependencies
  app.post('/relay/:operator', async (context) => {
    const { raw } = context.req
    if (!relay.isPublic) authenticate(raw)
    const { operator, baseUrl } = upstreamOf(catalog, context.req.param('operator'))
    const form = formOf(raw)
    const body = await readBody(raw, limits.bodyBytes)
    const url = `${baseUrl.replace(/\/v\d+\w*$/, '')}/ohttp`
    return carry({ operator, url, form, body, signal: raw.signal }, { ...dependencies, ...relay })
  })
}

function upstreamOf(catalog: Pick<Catalog, 'upstreams'>, address: string) {
  for (const { operator, baseUrl } of catalog.upstreams()) {
    if (operator === undefined || !isAddress(address, { strict: false })) continue
    if (isAddressEqual(operator, address as Address)) return { operator, baseUrl }
  }
  throw new RequestError(404, 'operator_not_found', `The operator ${address} is not known here.`)
}

function formOf({ headers }: Request) {
  const type = headers.get('content-type')?.split(';')[0]?.trim().toLowerCase()
  const form = Object.values(forms).find(({ requestType }) => requestType === type)
  if (form !== undefined) return form
  const types = Object.values(forms).map(({ requestType }) => requestType)
  const message = `The body has to be ${types.join(' or ')}.`
  throw new RequestError(415, 'unsupported_media_type', message)
}
