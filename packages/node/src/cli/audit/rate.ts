import { InvalidArgumentError } from 'commander'

/** Every answer is audited. */
const whole = 1_000_000n

/** Reads a probability from the command line, exactly: percent, or parts per million. */
export function parseRate(value: string): number {
  const ppm = ppmOf(value)
  if (ppm === undefined) {
    throw new InvalidArgumentError('It has to be a rate, such as 25%, 0.05% or 500ppm.')
  }
  if (ppm >= 1n && ppm <= whole) return Number(ppm)
  throw new InvalidArgumentError('It has to be from 0.0001% (1ppm) to 100%.')
}

function ppmOf(value: string): bigint | undefined {
  // A percent has 10,000 parts per million: what is finer than four digits is refused, not rounded.
  const [, percent, fraction = ''] = /^(\d+)(?:\.(\d{1,4}))?%$/.exec(value) ?? []
  if (percent !== undefined) return BigInt(percent + fraction.padEnd(4, '0'))
  const [, parts] = /^(\d+) ?ppm$/.exec(value) ?? []
  return parts === undefined ? undefined : BigInt(parts)
}

/** Writes parts per million as percent, exactly. */
export function formatRate(ppm: number): string {
  return `${ppm / 10_000}%`
}
