import { Agent, fetch as fetchBy } from 'undici'

/** Fetches from upstreams, over connections of its own. */
export type UpstreamFetch = { fetch: typeof fetch; close: () => Promise<void> }

/** Creates what fetches from one upstream. Slowness after the connection is for the caller to judge. */
export function createUpstreamFetch({ connectMs }: { connectMs: number }): UpstreamFetch {
  const dispatcher = new Agent({
    connect: { timeout: connectMs },
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: 30_000,
  })
  return {
    // The types of the package and of Node differ in nothing that is used here.
    fetch: ((input: string, init?: object) =>
      fetchBy(input, { ...init, dispatcher })) as typeof fetch,
    close: () => dispatcher.destroy(),
  }
}
