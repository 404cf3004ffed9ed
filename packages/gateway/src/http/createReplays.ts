import type { Hash } from 'viem'

import { RequestError } from '../errors.ts'
import type { Observe } from '../events.ts'
import type { Journal, KeptAnswer } from '../journal/openJournal.ts'

type UnderWay = { bodyHash: Hash; ended: Promise<KeptAnswer | undefined> }

/** What came of asking for a name. */
export type Taken =
  | { kind: 'answered'; answer: KeptAnswer }
  /** It is to be answered now; `end` says how that went: with an answer to keep, or with none. */
  | { kind: 'taken'; asked: readonly string[]; end: (answer?: KeptAnswer) => void }

export type CreateReplaysDependencies = {
  journal: Pick<Journal, 'answers' | 'attempts'>
  observe: Observe
}

/** Answers that are given once, however often they are asked for under one name. */
export type Replays = { take: (request: Hash, bodyHash: Hash) => Promise<Taken> }

/**
 * Creates what makes a client's retry one request. A second one under the same name waits for the first; one after a
 * restart goes to those who were asked before, who give the same answer for the same receipt.
 */
export function createReplays({ journal, observe }: CreateReplaysDependencies): Replays {
  const underWay = new Map<Hash, UnderWay>()

  async function take(request: Hash, bodyHash: Hash): Promise<Taken> {
    for (;;) {
      const first = underWay.get(request)
      if (first === undefined) return begin(request, bodyHash)
      requireSame(first.bodyHash, bodyHash)
      const answer = await first.ended
      if (answer !== undefined) return { kind: 'answered', answer }
    }
  }

  async function begin(request: Hash, bodyHash: Hash): Promise<Taken> {
    const kept = journal.answers.find(request)
    if (kept !== undefined) requireSame(kept.bodyHash, bodyHash)
    if (kept?.answer !== undefined) return { kind: 'answered', answer: kept.answer }
    const { promise, resolve } = Promise.withResolvers<KeptAnswer | undefined>()
    underWay.set(request, { bodyHash, ended: promise })
    const end = (answer?: KeptAnswer) => {
      if (answer !== undefined) void keep(request, answer)
      underWay.delete(request)
      resolve(answer)
    }
    try {
      if (kept === undefined) await journal.answers.begin(request, bodyHash)
    } catch (error) {
      end()
      throw error
    }
    return {
      kind: 'taken',
      asked: kept === undefined ? [] : journal.attempts.upstreamsOf(request),
      end,
    }
  }

  async function keep(request: Hash, answer: KeptAnswer) {
    await journal.answers.finish(request, answer)
    observe({ kind: 'answer_recorded', request })
  }

  return { take }
}

function requireSame(known: Hash, given: Hash) {
  if (known === given) return
  throw new RequestError(
    409,
    'idempotency_key_reused',
    'The Idempotency-Key, or the payment, was used for another request.',
    { headers: { 'x-should-retry': 'false' } },
  )
}
