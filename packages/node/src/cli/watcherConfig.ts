import { z } from 'zod'

import {
  address,
  amount,
  daemonConfigSchema,
  httpConfigSchema,
  modelConfigSchema,
} from './chainConfig.ts'

/** What a watcher is told. */
export const watcherConfigSchema = daemonConfigSchema.extend({
  models: z
    .array(
      modelConfigSchema.extend({
        /** Contracts that hold the weights, in order, where the model is small enough to be run whole on-chain. */
        weights: z.array(address).optional(),
      }),
    )
    .min(1),
  /** Where health and metrics are served. */
  http: httpConfigSchema(8700),
  traces: z
    .strictObject({
      /** Milliseconds after which an operator counts as not serving a trace. */
      timeoutMs: z.number().int().positive().default(5_000),
    })
    .prefault({}),
  demands: z
    .strictObject({
      /** Token units that may be bonded at a time. */
      budget: amount.default(0n),
      /** Token units that demands for inputs may cost, at what operators neither show nor the chain holds. */
      inputBudget: amount.default(0n),
    })
    .prefault({}),
  /** Confirms answers for whoever ordered an audit, and is paid; left out, no audit is looked at. */
  auditing: z
    .strictObject({
      /** Account with the stake; the key's own address if left out, else the key is its registered signer. */
      auditor: address.optional(),
      /** Least token units that an audit earns. */
      minReward: amount.default(0n),
      /** Which audits to settle: those that the auditor confirmed or the key's account ordered, or everybody's. */
      settles: z.enum(['own', 'all']).default('own'),
    })
    .optional(),
})

export type WatcherConfig = z.output<typeof watcherConfigSchema>
