import { Agent } from 'undici'

export type Target = { url: string; headers?: Record<string, string> }

export type Sample = {
  /** Milliseconds since the load began. */
  startedAt: number
  /** Milliseconds until the first content was read; undefined if none came. */
  firstMs: number | undefined
  /** Milliseconds that each event was on its way. */
  transitMs: number[]
  /** Whether `[DONE]` came. */
  isComplete: boolean
  /** Whom the answer is by, where a gateway says so. */
  operator: string | undefined
  attempts: number
}

export type LoadParameters = {
  target: Target
  /** Streams at a time. */
  streams: number
  /** Milliseconds in which streams are begun. */
  durationMs: number
  signal: AbortSignal
}

const body = JSON.stringify({
  ...{ model: 'bench-1', stream: true, max_tokens: 64 },
  messages: [{ role: 'user', content: 'Say something, and say when.' }],
})

/** Keeps so many streams open for a time, each followed by the next, and measures every event. */
export async function load(parameters: LoadParameters): Promise<Sample[]> {
  const { target, streams, durationMs, signal } = parameters
  const agent = new Agent({ connections: streams, pipelining: 1, keepAliveTimeout: 30_000 })
  const began = performance.now()
  const samples: Sample[] = []
  async function worker(index: number) {
    // Spread over the first moments, so that no side is measured on a thundering herd.
    await new Promise((resolve) => setTimeout(resolve, (index / streams) * 500))
    while (performance.now() - began < durationMs && !signal.aborted) {
      samples.push(await ask(agent, target, began))
    }
  }
  await Promise.all(Array.from({ length: streams }, (_, index) => worker(index)))
  await agent.destroy()
  return samples
}

async function ask(agent: Agent, { url, headers }: Target, began: number): Promise<Sample> {
  const started = performance.now()
  const sample: Sample = {
    ...{ startedAt: started - began, firstMs: undefined, transitMs: [], isComplete: false },
    ...{ operator: undefined, attempts: 0 },
  }
  try {
    const response = await agent.request({
      ...{ origin: url, path: '/v1/chat/completions', method: 'POST', body },
      headers: { 'content-type': 'application/json', ...headers },
    })
    sample.operator = response.headers['x-assay-operator'] as string | undefined
    sample.attempts = Number(response.headers['x-assay-attempts'] ?? 0)
    for await (const chunk of response.body) {
      const now = performance.now()
      sample.firstMs ??= now - started
      note(sample, String(chunk), now + performance.timeOrigin)
    }
  } catch {
    // A stream that breaks shows in what it lacks.
  }
  return sample
}

function note(sample: Sample, text: string, now: number) {
  for (const [, sentAt] of text.matchAll(/"content":" ([\d.]+)"/g)) {
    sample.transitMs.push(now - Number(sentAt))
  }
  if (text.includes('data: [DONE]')) sample.isComplete = true
}

/** Returns the value below which a share of them lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
}
