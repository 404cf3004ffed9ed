import { jobMarketAbi } from '@assay/protocol'
import type { AbiParameterToPrimitiveType, ExtractAbiEvent } from 'abitype'
import { decodeEventLog, encodeEventTopics, type Hash, type Log } from 'viem'

/** Events that carry a job's id, in the order in which they can come. */
export const jobEventNames = [
  'JobRequested',
  'JobCommitted',
  'SeatForfeited',
  'JobAnswered',
  'JobSuspended',
  'JobResumed',
  'JobSettled',
  'JobRefuted',
  'JobExpired',
  'CallbackAttempted',
] as const

export type JobEventName = (typeof jobEventNames)[number]

type Inputs<name extends JobEventName> = ExtractAbiEvent<
  typeof jobMarketAbi,
  name
>['inputs'][number]

/** Arguments of one of the market's events about a job. */
export type JobEventArgs<name extends JobEventName> = {
  [input in Inputs<name> as input['name']]: AbiParameterToPrimitiveType<input>
}

/** Where on the chain something happened. */
export type Place = {
  blockNumber: bigint
  blockHash: Hash
  transactionHash: Hash
  logIndex: number
}

/** One event of a job. */
export type JobTransition<name extends JobEventName = JobEventName> = {
  [key in name]: { name: key; args: JobEventArgs<key> } & Place
}[name]

/** Topic of an event of the market. */
export function topicOf(eventName: JobEventName): Hash {
  const [topic] = encodeEventTopics({ abi: jobMarketAbi, eventName })
  return topic!
}

/** Reads a log of one of `jobEventNames`. */
export function toTransition(log: Log<bigint, number, false>): JobTransition {
  const { data, topics, blockNumber, blockHash, transactionHash, logIndex } = log
  const { eventName, args } = decodeEventLog({ abi: jobMarketAbi, data, topics, strict: true })
  const place: Place = { blockNumber, blockHash, transactionHash, logIndex }
  // `topicOf` chose the log, so its name is one of ours and its arguments go with it.
  return { name: eventName, args, ...place } as JobTransition
}
