import { limited } from './openai/readBody.ts'

/** Creates a fetch whose answers break off with `UpstreamError` beyond `maxBytes`, for readers that know no limit. */
export function createLimitedFetch(fetchAll: typeof fetch, maxBytes: number): typeof fetch {
  return async (...request) => {
    const response = await fetchAll(...request)
    const { body, status, statusText } = response
    if (body === null) return response
    const headers = [...response.headers]
    return new Response(ReadableStream.from(limited(body, maxBytes)), {
      ...{ status, statusText, headers },
    })
  }
}
