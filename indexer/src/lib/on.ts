import { type EventNames, type IndexingFunctionArgs, ponder } from 'ponder:registry'
import { chainEvent } from 'ponder:schema'

import { toJson } from './json.ts'
import { type Place, placeOf, positionOf } from './place.ts'

/** Names of the events of our contracts: `Contract:Event`. */
export type LogEventNames = Exclude<EventNames, `${string}:setup`>

/** What a handler may write to and read from. */
export type Db = IndexingFunctionArgs<LogEventNames>['context']['db']

/** What a handler gets. */
export type Handled<name extends LogEventNames> = IndexingFunctionArgs<name> & {
  db: Db
  /** Where the event is. */
  at: Place
  /** Key of what the event records. */
  id: string
}

/** Registers the handler of an event, after keeping the event itself. */
export function on<name extends LogEventNames>(
  name: name,
  handle: (handled: Handled<name>) => Promise<void>,
): void {
  const [contract, event] = name.split(':') as [string, string]
  ponder.on(name, async (args: IndexingFunctionArgs<name>) => {
    // Every name has these fields, which TypeScript does not see through a type parameter.
    const { event: log, context } = args as unknown as IndexingFunctionArgs<LogEventNames>
    const at = placeOf(log)
    const id = positionOf(at)
    const { db } = context
    await db
      .insert(chainEvent)
      .values({
        id,
        contract,
        address: log.log.address,
        name: event,
        args: toJson(log.args),
        sender: log.transaction.from,
        blockHash: log.block.hash,
        ...at,
      })
      .onConflictDoNothing()
    await handle({ ...args, db, at, id })
  })
}
