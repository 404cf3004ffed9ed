import { setTimeout } from 'node:timers/promises'

import type { Deployment } from '@assay/protocol'
import { createVerifiedFetch, type VerifiedAnswer } from '@assay/sdk'
import OpenAI from 'openai'
import { type Address, getAddress } from 'viem'

import type { Cast } from '../cast.ts'
import type { Display } from '../display.ts'
import type { Daemon } from '../processes.ts'
import { type Access, modelName, type Server, servers } from './setUp.ts'

export type PlayAccessParameters = {
  cast: Cast
  deployment: Deployment
  access: Access & {
    /** Base URL of the gateway. */
    url: string
    daemons: Record<Server, Daemon>
    restart: (name: Server) => Promise<void>
  }
  display: Display
  signal: AbortSignal
}

/** A question and what came of it. */
export type Exchange = {
  by: Address | undefined
  /** Upstreams that the gateway asked. */
  attempts: number
  ms: number
  /** `answered`; `refused` before a byte; `broken` after one, with an honest error. */
  end: 'answered' | 'refused' | 'broken'
}

export type AccessOutcome = {
  exchanges: readonly Exchange[]
  /** Answers whose receipts the dApp checked itself. */
  answers: readonly VerifiedAnswer[]
}

/** Streams at a time. */
const streams = 4
/** Seconds from one thing to the next. */
const seconds = { untilKill: 3, dead: 1, untilThrottle: 2, untilSlow: 3, untilEnd: 4 }

/** Has an ordinary client of OpenAI's API ask one URL, while the operator that answers is killed, throttled and slowed. */
export async function playAccess(parameters: PlayAccessParameters): Promise<AccessOutcome> {
  const { access, deployment, signal } = parameters
  const exchanges: Exchange[] = []
  const answers: VerifiedAnswer[] = []
  const openai = new OpenAI({
    ...{ baseURL: `${access.url}/v1`, apiKey: 'none needed', maxRetries: 0 },
    fetch: createVerifiedFetch({ fetch, deployment, onAnswer: (answer) => answers.push(answer) }),
  })
  const over = new AbortController()
  const asking = Array.from({ length: streams }, async (_, lane) => {
    for (let i = 0; !over.signal.aborted && !signal.aborted; i++) {
      exchanges.push(await ask(openai, `question ${i} of lane ${lane}, said again slowly`))
    }
  })
  try {
    await trouble(parameters, exchanges)
  } finally {
    over.abort()
  }
  await Promise.all(asking)
  for (const { setRule } of Object.values(access.upstreams)) setRule(undefined)
  return { exchanges, answers }
}

async function ask(openai: OpenAI, content: string): Promise<Exchange> {
  const began = performance.now()
  let [by, attempts]: [Address | undefined, number] = [undefined, 0]
  const ended = (end: Exchange['end']) => ({ by, attempts, ms: performance.now() - began, end })
  let hasBegun = false
  try {
    const messages = [{ role: 'user' as const, content }]
    const { data, response } = await openai.chat.completions
      .create({ model: modelName, messages, max_tokens: 50, stream: true })
      .withResponse()
    by = getAddress(response.headers.get('x-assay-operator') ?? '')
    attempts = Number(response.headers.get('x-assay-attempts'))
    let said = ''
    for await (const { choices } of data) {
      said += choices[0]?.delta?.content ?? ''
      hasBegun = true
    }
    return ended(said.includes(content) ? 'answered' : 'broken')
  } catch {
    return ended(hasBegun ? 'broken' : 'refused')
  }
}

/** Strikes whoever answers most at the moment, each time another way. */
async function trouble(
  { access, cast, display, signal }: PlayAccessParameters,
  exchanges: readonly Exchange[],
) {
  const pass = (time: keyof typeof seconds) =>
    setTimeout(seconds[time] * 1_000, undefined, { signal })
  const struck: Server[] = []
  let from = 0
  const next = () => {
    const found = busiest(exchanges.slice(from), cast, struck)
    struck.push(found)
    from = exchanges.length
    return found
  }

  await pass('untilKill')
  const killed = next()
  await access.daemons[killed].kill()
  display.event(`${killed} answers most, and is killed`, 'yellow')
  await pass('dead')
  await access.restart(killed)
  display.event(`${killed} is back`)
  await pass('untilThrottle')
  const throttled = next()
  const retryAfter = '5'
  access.upstreams[throttled].setRule(() => ({ kind: 'status', status: 429, retryAfter }))
  display.event(`${throttled} answers most; its provider says 429 from here on`, 'yellow')
  await pass('untilSlow')
  const slowed = next()
  access.upstreams[slowed].setRule(() => ({ kind: 'slow', firstMs: 4_000 }))
  display.event(`${slowed} answers most; its provider takes 4 s for a first token`, 'yellow')
  await pass('untilEnd')
}

function busiest(exchanges: readonly Exchange[], cast: Cast, but: readonly Server[]): Server {
  const count = (name: Server) => exchanges.filter(({ by }) => by === cast[name].address).length
  const left = servers.filter((name) => !but.includes(name))
  return left.toSorted((a, b) => count(b) - count(a))[0]!
}
