import { z } from 'zod'

import { parseWire } from './base64url.ts'
import { addressField, hashField, uintField } from './fields.ts'
import { verificationLevels } from './headers.ts'
import { priceSchema } from './price.ts'

/** What a model can be asked for. */
export const tasks = ['chat', 'embeddings', 'images', 'infer'] as const

export type Task = (typeof tasks)[number]

/** Shape of what an operator says of a model besides what OpenAI's API does, as the field `assay` of `GET /v1/models`. */
export const modelCardSchema = z.object({
  operator: addressField,
  /** Version under which it is registered. */
  version: hashField,
  tasks: z.array(z.enum(tasks)).min(1),
  price: priceSchema,
  /** Most units that one answer may have; a request that says less is quoted by that. */
  maxUnitsOut: z.number().int().nonnegative(),
  verification: z.enum(verificationLevels),
  /** Ways to pay: from a tab, for each request by x402, or not at all. */
  payments: z.array(z.enum(['tab', 'x402', 'free'])),
})

export type ModelCard = z.output<typeof modelCardSchema>

const modelListSchema = z.object({
  data: z.array(z.looseObject({ id: z.string().min(1).max(256), assay: modelCardSchema })),
})

export type ListedModel = { name: string; card: ModelCard }

/** Reads an operator's answer to `GET /v1/models`; throws `WireFormatError`. */
export function parseModelList(value: unknown): ListedModel[] {
  const { data } = parseWire('list of models', modelListSchema, () => value)
  return data.map(({ id, assay }) => ({ name: id, card: assay }))
}

/** Shape of `GET /channels/{payer}`: where a channel stands for its operator. */
export const channelStateSchema = z.object({
  payer: addressField,
  operator: addressField,
  sequence: uintField(64),
  cumulativeFee: uintField(128),
  /** Highest cap of a voucher that the operator holds. */
  cap: uintField(128),
  /** Sum of the quotes of what is being answered. */
  reserved: uintField(128),
})

export type ChannelState = z.output<typeof channelStateSchema>

/** Reads an operator's answer to `GET /channels/{payer}`; throws `WireFormatError`. */
export function parseChannelState(value: unknown): ChannelState {
  return parseWire('state of a channel', channelStateSchema, () => value)
}
