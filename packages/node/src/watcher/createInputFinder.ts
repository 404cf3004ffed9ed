import type { Hash } from 'viem'

import { nextTimestamp, type SeenHead } from '../daemon/blockClock.ts'
import { commitmentOf } from '../inputs/commitmentOf.ts'
import { readInput } from '../inputs/readInput.ts'
import type { KeptInput } from '../journal/createInputs.ts'
import { planInputDemands } from './planInputDemands.ts'
import type { AnsweredJob, VerifierTerms, WatchedModel, WatcherContext } from './watcher.ts'

export type FindInputParameters = {
  record: AnsweredJob
  model: WatchedModel
  head: SeenHead
  terms: VerifierTerms
}

/** Gets the inputs of answered jobs, wherever they are. */
export type InputFinder = {
  /** Returns the input, or why it cannot be had; nothing while it is being looked for. */
  find: (parameters: FindInputParameters) => KeptInput | { reason: string } | undefined
  isBusy: () => boolean
  stop: () => void
}

/** How far the search for an input has come. */
type Search = {
  /** What the last look found. */
  found: KeptInput | { reason: string; isAwaited: boolean } | undefined
  looks: number
  /** When to look again, by the clock's `elapsed`. */
  nextAt: number
}

/** Milliseconds until an operator is asked a second time; every further pause is twice as long. */
const firstPause = 1_000

/** Part of the challenge window in which operators are asked before they are made to show. */
const patience = { numerator: 1n, denominator: 4n }

/** Creates what finds inputs: in the event of the request, at the operator that answered, and at last by demanding them. */
export function createInputFinder(context: WatcherContext): InputFinder {
  const { clock, wake } = context
  // By record, so that what the book forgets is forgotten here.
  const searches = new WeakMap<AnsweredJob, Search>()
  const running = new Set<Hash>()
  const abort = new AbortController()

  async function look(parameters: FindInputParameters, search: Search) {
    const { id } = parameters.record
    running.add(id)
    try {
      search.found = await lookOnce(context, parameters, abort.signal)
    } catch (error) {
      search.found = { reason: String(error), isAwaited: true }
    } finally {
      search.looks += 1
      search.nextAt = clock.elapsed() + firstPause * 2 ** (search.looks - 1)
      running.delete(id)
      if (!abort.signal.aborted) wake()
    }
  }

  return {
    find(parameters) {
      const { record } = parameters
      const { id } = record
      if (running.has(id)) return undefined
      const search = searches.get(record) ?? { found: undefined, looks: 0, nextAt: 0 }
      searches.set(record, search)
      const { found, looks, nextAt } = search
      if (found !== undefined && 'bytes' in found) return found
      if (found?.isAwaited === false) return { reason: found.reason }
      if (looks === 0 || isPatient(context, parameters)) {
        if (clock.elapsed() >= nextAt) void look(parameters, search)
        return undefined
      }
      const bytes = planInputDemands(context, parameters)
      if (bytes === undefined) return undefined
      return bytes === null ? { reason: found?.reason ?? 'it was not shown' } : { bytes }
    },
    isBusy: () => running.size > 0,
    stop: () => abort.abort(),
  }
}

function isPatient({ clock }: WatcherContext, { record, head }: FindInputParameters): boolean {
  const { challengeUntil } = record.answer
  const window = BigInt(record.job.challengeWindow)
  const askedUntil = challengeUntil - window + (window * patience.numerator) / patience.denominator
  return nextTimestamp(head, clock) < askedUntil
}

async function lookOnce(
  context: WatcherContext,
  { record, model }: FindInputParameters,
  signal: AbortSignal,
): Promise<Search['found']> {
  const { book, encryptionKeys, journal, operators, reader } = context
  const commit = (input: Uint8Array) => commitmentOf(model.program, input)
  const here = await readInput({ record, commit, journal, reader, encryptionKeys })
  if ('bytes' in here || !here.isAwaited) return here
  const { inputHash } = record.job
  const { rows, rowBytes } = model.program.operators[0]!
  const endpoint = book.endpoints.get(record.answer.operator) ?? ''
  const fetched = await operators.input({ endpoint, inputHash, length: rows * rowBytes, signal })
  if ('reason' in fetched) return { ...fetched, isAwaited: true }
  if (commit(fetched.bytes) !== inputHash) {
    return { reason: 'the operator shows another input', isAwaited: true }
  }
  journal.inputs.put(inputHash, fetched)
  return fetched
}
