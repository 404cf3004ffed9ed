import { ConfigError } from '../errors.ts'
import type { ChainOptions } from './options.ts'

/** What a command has to say when it is done. */
export type Report = {
  /** For people. */
  lines: readonly string[]
  /** For machines; bigints become text. */
  data: Record<string, unknown>
  /** How the command ends, if not with success. */
  exitCode?: number
}

/** Puts a report into text: for people, or all of it or a field for machines. */
export function formatReport(
  { lines, data }: Report,
  { json, print }: Pick<ChainOptions, 'json' | 'print'>,
): string {
  if (print !== undefined) return `${fieldOf(data, print)}\n`
  return json === true ? `${toJson(data)}\n` : `${lines.join('\n')}\n`
}

function fieldOf(data: Report['data'], field: string): string {
  if (!Object.hasOwn(data, field)) {
    throw new ConfigError(`The result has no "${field}"; it has ${Object.keys(data).join(', ')}.`)
  }
  const value = data[field]
  return typeof value === 'string' ? value : toJson(value)
}

function toJson(value: unknown): string {
  return JSON.stringify(value, toText)
}

/** Writes a value as JSON for people and files; bigints become text. */
export function formatJson(value: unknown): string {
  return JSON.stringify(value, toText, 2)
}

function toText(_: string, part: unknown) {
  return typeof part === 'bigint' ? String(part) : part
}
