import { z } from 'zod'

import {
  address,
  amount,
  daemonConfigSchema,
  httpConfigSchema,
  modelConfigSchema,
} from './chainConfig.ts'
import { serveConfigSchema } from './serveConfig.ts'

const schema = daemonConfigSchema.extend({
  /** Operator that answers; the key's own address if left out, else the key is its registered signer. */
  operator: address.optional(),
  /** Models whose jobs on the chain it answers. */
  models: z
    .array(
      modelConfigSchema.extend({
        /** Least token units to earn per answer. */
        ask: amount.default(0n),
      }),
    )
    .default([]),
  /** Models that it answers for over HTTP. */
  serve: serveConfigSchema.optional(),
  /** Where answers, traces, health and metrics are served. */
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
  receipts: z
    .strictObject({
      batch: z
        .strictObject({
          /** Receipts at which a batch is posted, and most that one holds. */
          count: z.number().int().positive().max(1_000_000).default(10_000),
          /** Seconds that a receipt, or what a payer owes, waits at most; half the ledger's horizon if that is less. */
          ageSeconds: z.number().int().positive().default(600),
          /** Token units owed at which a batch is posted. */
          value: amount.default(10n ** 8n),
          /** Channels collected in one batch at most. */
          maxCollections: z.number().int().positive().max(1_000).default(400),
          /** Least token units of a channel that are worth collecting. */
          collectMinimum: amount.default(1n),
        })
        .prefault({}),
    })
    .prefault({}),
})

/** What an operator is told. */
export const operatorConfigSchema = schema.refine(
  ({ models, serve }) => !Array.isArray(models) || models.length > 0 || serve !== undefined,
  {
    message: 'there is nothing to do: list models for jobs, or in "serve"',
    path: ['models'],
    // Also where something else is wrong, so that everything is told at once.
    when: ({ value }) => typeof value === 'object' && value !== null,
  },
)

export type OperatorConfig = z.output<typeof operatorConfigSchema>
