import {
  feeOf,
  type Price,
  type ReceiptDocument,
  type Task,
  type Usage,
} from '@assay/protocol/http'

import type { Counted } from './servedBackend.ts'

export type CountUsageParameters = {
  counted: Counted
  task: Task
  price: Price
  /** Bytes of the request's body. */
  requestBytes: number
  choices: number
  /** Most units out that were quoted. */
  maxUnitsOut: number
  countsHidden: boolean
}

export type CountUsageReturnType = Usage & { usage: ReceiptDocument['usage']; fee: bigint }

/** Bytes that a token of text has on the average, rounded so that estimates are rather low. */
const bytesPerToken = 4n

/** Tokens that a template adds to a request, and that end a choice without being text. */
const [templateUnits, endUnits] = [256n, 16n]

/**
 * Returns what a request is charged for: what the upstream counted where that is possible by the bytes that went in and
 * came out and by what was quoted, else the most that is; where it counted nothing, an estimate from the bytes.
 */
export function countUsage(parameters: CountUsageParameters): CountUsageReturnType {
  const { counted, task, price, choices, countsHidden } = parameters
  const requestBytes = BigInt(parameters.requestBytes)
  const quotedOut = BigInt(parameters.maxUnitsOut)
  const textBytes = BigInt(counted.textBytes)
  const isText = task === 'chat'
  const possibleOut = textBytes + endUnits * BigInt(choices)
  const mostOut = isText && !countsHidden ? least(possibleOut, quotedOut) : quotedOut
  const estimated = { unitsIn: upTo(requestBytes), unitsOut: upTo(textBytes) }
  const unitsIn = least(counted.unitsIn ?? estimated.unitsIn, requestBytes + templateUnits)
  const unitsOut = least(counted.unitsOut ?? estimated.unitsOut, mostOut)
  const isCounted = counted.unitsIn === unitsIn && counted.unitsOut === unitsOut
  const usage = isCounted ? 'upstream' : 'estimated'
  return { unitsIn, unitsOut, usage, fee: feeOf(price, { unitsIn, unitsOut }) }
}

function upTo(bytes: bigint) {
  return (bytes + bytesPerToken - 1n) / bytesPerToken
}

function least(a: bigint, b: bigint) {
  return a < b ? a : b
}
