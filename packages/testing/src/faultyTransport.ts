import {
  type Client,
  type CustomTransport,
  custom,
  hexToBigInt,
  numberToHex,
  type Transport,
} from 'viem'

/** What is wrong with the reply to one request. */
export type Fault =
  /** The connection breaks before the node saw the request. */
  | { kind: 'fail' }
  /** The connection breaks after the node did what was asked. */
  | { kind: 'lose' }
  /** No reply ever comes. */
  | { kind: 'hang' }
  /** The reply is empty. */
  | { kind: 'nothing' }
  /** The node lags: `head` is the newest block that it knows. */
  | { kind: 'stale'; head: bigint }

export type FaultyTransportParameters = {
  /** Client of a healthy node. */
  client: Client<Transport>
  /** Chooses the fault of a request; `count` counts requests of its method from 1. */
  fault: (method: string, count: number, params: unknown) => Fault | undefined
}

/** A broken connection. Not an error of ours, as real ones are not. */
class ConnectionLost extends Error {
  override name = 'ConnectionLost'
}

type Request = { method: string; params?: unknown }

/**
 * Returns a transport whose node is faulty in a chosen way.
 *
 * @example
 * const fault = (method, count) => (method === 'eth_getLogs' && count < 3 ? { kind: 'hang' } : undefined)
 * const client = createClient({ transport: faultyTransport({ client: healthy, fault }) })
 */
export function faultyTransport(parameters: FaultyTransportParameters): CustomTransport {
  const { client, fault } = parameters
  const counts = new Map<string, number>()
  // The client's type lists the methods that it knows; whatever comes is passed on.
  const pass = client.request as (request: Request) => Promise<unknown>
  const request = async (asked: Request) => {
    const { method } = asked
    const count = (counts.get(method) ?? 0) + 1
    counts.set(method, count)
    const found = fault(method, count, asked.params)
    switch (found?.kind) {
      case undefined:
        return pass(asked)
      case 'fail':
        throw new ConnectionLost(method)
      case 'lose':
        await pass(asked)
        throw new ConnectionLost(method)
      case 'hang':
        return new Promise(() => {})
      case 'nothing':
        return method === 'eth_getLogs' ? [] : null
      case 'stale':
        return replyOfStale(pass, asked, found.head)
    }
  }
  return custom({ request }, { retryCount: 0 })
}

/** Answers as a node does whose newest block is `head`. */
async function replyOfStale(
  pass: (request: Request) => Promise<unknown>,
  asked: Request,
  head: bigint,
) {
  const { method, params } = asked
  if (method === 'eth_blockNumber') return numberToHex(head)
  if (method === 'eth_getBlockByNumber') {
    const [block, isFull] = params as [string, boolean]
    const isNewest = block === 'latest' || hexToBigInt(block as `0x${string}`) > head
    return pass({ method, params: [isNewest ? numberToHex(head) : block, isFull] })
  }
  if (method === 'eth_getLogs') {
    const [{ toBlock }] = params as [{ toBlock: `0x${string}` }]
    if (hexToBigInt(toBlock) > head) throw new ConnectionLost('unknown block')
  }
  return pass(asked)
}
