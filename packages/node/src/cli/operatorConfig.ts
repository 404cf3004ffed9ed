import { z } from 'zod'

import {
  address,
  amount,
  daemonConfigSchema,
  httpConfigSchema,
  modelConfigSchema,
} from './chainConfig.ts'

/** What an operator is told. */
export const operatorConfigSchema = daemonConfigSchema.extend({
  /** Operator that answers; the key's own address if left out, else the key is its registered signer. */
  operator: address.optional(),
  models: z
    .array(
      modelConfigSchema.extend({
        /** Least token units to earn per answer. */
        ask: amount.default(0n),
      }),
    )
    .min(1),
  /** Where traces, health and metrics are served. */
  http: httpConfigSchema(8600),
  answering: z
    .strictObject({
      mode: z.enum(['direct', 'commit', 'auto']).default('auto'),
      /** Seconds that must be left until a job's deadline to begin with it. */
      deadlineMarginSeconds: z.number().int().nonnegative().default(3),
      /** Jobs computed at a time. */
      maxRuns: z.number().int().positive().default(4),
    })
    .prefault({}),
  settling: z
    .strictObject({
      /** Final jobs that are claimed together at most. */
      batch: z.number().int().positive().default(50),
      /** Seconds that a final job waits for others to be claimed with. */
      delaySeconds: z.number().int().nonnegative().default(60),
      /** Most gas that a job's callback may be given: the operator pays for it. 0 delivers nothing. */
      maxCallbackGas: z.number().int().nonnegative().default(500_000),
      /** Earnings, in token units, that are worth collecting. */
      collectMinimum: amount.default(1n),
    })
    .prefault({}),
})

export type OperatorConfig = z.output<typeof operatorConfigSchema>
