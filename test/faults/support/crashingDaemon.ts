/**
 * A real daemon that its next step kills: `crashingDaemon.ts operator|watch CONFIG STEP…`. The kill comes between the
 * write that precedes a step and the one that follows, and nothing in the process gets to run after it.
 */
import { writeSync } from 'node:fs'
import type { OperatorEvent, WatcherEvent } from '@assay/node'
import {
  createLogger,
  loadOperatorConfig,
  loadWatcherConfig,
  runOperator,
  runWatcher,
} from '@assay/node/cli'

const [daemon, file, ...fatal] = process.argv.slice(2) as [string, string, ...string[]]

function observe(event: OperatorEvent | WatcherEvent) {
  const step = 'intent' in event ? `${event.intent.kind} ${event.type}` : event.type
  if (!fatal.includes(step)) return
  writeSync(1, `${JSON.stringify({ msg: 'killed', step })}\n`)
  process.kill(process.pid, 'SIGKILL')
}

const controller = new AbortController()
process.once('SIGTERM', () => controller.abort())
const logger = createLogger({ isJson: true, write: (line) => writeSync(1, line) })
const { signal } = controller
if (daemon === 'watch') {
  await runWatcher({ config: loadWatcherConfig(file), logger, signal, observe })
} else {
  await runOperator({ config: loadOperatorConfig(file), logger, signal, observe })
}
