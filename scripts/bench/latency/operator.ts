/**
 * Runs an operator in a process of its own and tells its parent when what happened:
 *
 *     fork('operator.ts', ['config.json'])
 */

import { loadOperatorConfig } from '../../../packages/node/src/cli/config.ts'
import { createLogger } from '../../../packages/node/src/cli/createLogger.ts'
import { runOperator } from '../../../packages/node/src/cli/runOperator.ts'
import { stopSignal } from '../../../packages/node/src/cli/stopSignal.ts'
import { subjectOf } from '../../../packages/node/src/daemon/subjectOf.ts'
import type { OperatorEvent } from '../../../packages/node/src/operator/operator.ts'
import type { Moment } from './timeline.ts'

/** Milliseconds since 1970, with fractions, so that processes can be compared. */
const now = () => performance.timeOrigin + performance.now()

function momentOf(event: OperatorEvent, at: number): Moment | undefined {
  if (event.type === 'head') return { type: 'head', number: Number(event.header.number), at }
  if (event.type === 'seen') return { type: 'seen', id: event.id, at }
  if (event.type === 'computed') {
    return { type: 'computed', id: event.id, engineMs: event.engineMs, at }
  }
  if (event.type === 'signed' || event.type === 'broadcast') {
    const { type, intent } = event
    return intent.kind === 'answer' ? { type, id: subjectOf(intent), at } : undefined
  }
  return undefined
}

const logger = createLogger({ isJson: true, write: (line) => process.stdout.write(line) })
await runOperator({
  config: loadOperatorConfig(process.argv[2]!),
  logger,
  signal: stopSignal(process),
  observe(event) {
    const moment = momentOf(event, now())
    if (moment !== undefined) process.send?.(moment)
  },
})
process.disconnect()
