import { type Logger, pino } from 'pino'

export type CreateLoggerParameters = {
  /** Whether lines are JSON, for machines. */
  isJson: boolean
  write: (line: string) => void
}

const levels: Record<number, string> = { 20: 'debug', 30: 'info', 40: 'WARN', 50: 'ERROR' }

/** Creates a log: a line for each event, as JSON or for people. */
export function createLogger({ isJson, write }: CreateLoggerParameters): Logger {
  const stream = { write: (line: string) => write(isJson ? line : readable(line)) }
  return pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime }, stream)
}

function readable(line: string) {
  const { time, level, msg, ...fields } = JSON.parse(line)
  const shown = Object.entries(fields).map(([name, value]) => `${name}=${textOf(value)}`)
  return `${[time.slice(11, 23), levels[level] ?? level, msg, ...shown].join('  ')}\n`
}

/** Hashes are shown by their beginning: enough to tell them apart, little enough to read. */
function textOf(value: unknown) {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.replaceAll(/0x([0-9a-f]{8})[0-9a-f]{56}/gi, '0x$1…')
}
