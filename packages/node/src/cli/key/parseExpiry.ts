import { ConfigError } from '../errors.ts'

const seconds = { s: 1n, m: 60n, h: 3_600n, d: 86_400n, w: 604_800n } as const

/** Reads when something ends, in Unix seconds: a date, a time in UTC, or so long from `timestamp` on. Throws `ConfigError`. */
export function parseExpiry(text: string, timestamp: bigint): bigint {
  const expiry = read(text, timestamp)
  if (expiry === undefined) {
    throw new ConfigError(`"${text}" is no time, such as 2027-01-31, 2027-01-31T12:00:00Z or 30d.`)
  }
  if (expiry > timestamp) return expiry
  throw new ConfigError(`"${text}" is over on the chain.`)
}

function read(text: string, timestamp: bigint): bigint | undefined {
  const span = /^(\d{1,6})([smhdw])$/.exec(text)
  if (span !== null) return timestamp + BigInt(span[1]!) * seconds[span[2] as keyof typeof seconds]
  // Without a zone a time would mean another one on each machine.
  const isTime = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d))?$/.test(text)
  const ms = isTime ? Date.parse(text) : Number.NaN
  return Number.isNaN(ms) ? undefined : BigInt(Math.floor(ms / 1_000))
}
