import { type ListedModel, parseModelList } from '@assay/protocol/http'
import { type Address, isAddressEqual } from 'viem'

import { readAll } from '../upstream/readAll.ts'
import type { Transport } from '../upstream/transport.ts'
import { DiscoveryError } from './errors.ts'

export type ReadCardsParameters = {
  /** Base URL with `/v1`. */
  baseUrl: string
  /** Who is registered there; undefined where the cards themselves say. */
  operator: Address | undefined
  transport: Transport
  timeoutMs: number
}

const maxBytes = 1024 * 1024

/** Reads what an operator offers; throws `DiscoveryError`. */
export async function readCards(parameters: ReadCardsParameters): Promise<ListedModel[]> {
  const { baseUrl, operator, transport, timeoutMs } = parameters
  try {
    const signal = AbortSignal.timeout(timeoutMs)
    const url = `${baseUrl}/models`
    const headers = { accept: 'application/json' }
    const response = await transport({ method: 'GET', url, headers, signal })
    const body = new TextDecoder().decode(await readAll(response, maxBytes))
    if (response.status !== 200) throw new DiscoveryError(`${url} answered ${response.status}.`)
    const models = parseModelList(JSON.parse(body))
    const expected = operator ?? models[0]?.card.operator
    const other = models.find(({ card }) => !isAddressEqual(card.operator, expected!))
    if (other === undefined) return models
    throw new DiscoveryError(`${url} speaks for ${other.card.operator}, not for ${expected}.`)
  } catch (cause) {
    if (cause instanceof DiscoveryError) throw cause
    throw new DiscoveryError(`The models at ${baseUrl} cannot be read.`, { cause })
  }
}
