import { baseUrlOf } from '../catalog/baseUrlOf.ts'
import type { Offer, Upstream } from '../catalog/upstream.ts'
import type { GatewayConfig } from './gatewayConfig.ts'

/** Returns a provider of a configuration as an upstream. */
export function toProvider(
  { name, baseUrl, models }: GatewayConfig['providers'][number],
  key: string | undefined,
): Upstream {
  const offers = models.map(({ as, ...model }): [string, Offer] => [
    model.name,
    {
      ...{ ...model, name: as ?? model.name, version: undefined },
      ...{ verification: 'none', payments: [] },
    },
  ])
  return {
    ...{ id: name, operator: undefined, baseUrl: baseUrlOf(baseUrl), stake: 0n, signers: [] },
    headers: key === undefined ? {} : { authorization: `Bearer ${key}` },
    offers: new Map(offers),
  }
}
