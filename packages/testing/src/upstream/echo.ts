import type { Usage } from './upstream.ts'

/** What an echo is told, whatever the wire. */
export type Prompt = {
  /** Everything that was said. */
  all: string
  /** What was said last by the user or a tool. */
  last: string
  /** Most tokens of the answer. */
  maxTokens?: number | undefined
  /** Tool to be called, if any. */
  tool?: string | undefined
  /** Whether the answer is to be a JSON object. */
  isJson?: boolean | undefined
  /** Whether it thinks aloud first. */
  isReasoning?: boolean | undefined
}

export type Echo = {
  /** Pieces of the thoughts, of the text, or of a call's arguments. */
  thoughts: string[]
  text: string[]
  call: { id: string; name: string; arguments: string[] } | undefined
  finish: 'stop' | 'length' | 'call'
  usage: Usage
}

/** Answers what was said with what was said: a word is a token. */
export function echoOf(prompt: Prompt): Echo {
  const { all, last, tool, isJson = false, isReasoning = false, maxTokens = 4_096 } = prompt
  const thoughts = isReasoning ? ['They', ' said', ' it.'] : []
  const input = tokensOf(all).length + 3
  if (tool !== undefined) {
    const pieces = halvesOf(JSON.stringify({ text: last }))
    const call = { id: 'call_0', name: tool, arguments: pieces }
    const usage = { input, output: thoughts.length + pieces.length }
    return { thoughts, text: [], call, finish: 'call', usage }
  }
  const tokens = isJson ? [JSON.stringify({ echo: last })] : tokensOf(last)
  const text = tokens.slice(0, maxTokens)
  const finish = text.length < tokens.length ? 'length' : 'stop'
  const usage = { input, output: thoughts.length + text.length }
  return { thoughts, text, call: undefined, finish, usage }
}

/** Words with the space before them. */
export function tokensOf(text: string): string[] {
  return text.match(/\s*\S+/gu) ?? []
}

/** A vector of eight small numbers that a text determines. */
export function vectorOf(text: string): number[] {
  const vector = Array.from({ length: 8 }, () => 0)
  for (const [index, code] of [...text].map((character) => character.codePointAt(0)!).entries()) {
    vector[index % 8] = Math.fround((vector[index % 8]! + code) % 257)
  }
  return vector.map((value) => Math.fround(value / 257))
}

/** A PNG of one pixel. */
export const pixel =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

function halvesOf(text: string) {
  const half = Math.ceil(text.length / 2)
  return [text.slice(0, half), text.slice(half)]
}
