import {
  addressField,
  hashField,
  hexField,
  priceSchema,
  tasks,
  uintField,
} from '@assay/protocol/http'
import { z } from 'zod'

import { periods, wallet } from '../keys/createKeys.ts'
import { defaultWeights } from '../router/rank.ts'

const amount = uintField(128)
const ms = z.number().int().positive()
const variable = z.string().regex(/^[A-Z_][A-Z0-9_]*$/, 'not the name of an environment variable')

const providerModelSchema = z.strictObject({
  /** Name by which clients ask. */
  name: z.string().min(1),
  /** Name by which the provider knows it; the same by default. */
  as: z.string().min(1).optional(),
  tasks: z.array(z.enum(tasks)).min(1).default(['chat']),
  /** For ranking and budgets, in token units. */
  price: priceSchema.default({ perRequest: 0n, perMillionIn: 0n, perMillionOut: 0n }),
  maxUnitsOut: z.number().int().positive().default(4096),
  /** Names that the provider may report besides its own and its versions. */
  served: z.array(z.string()).default([]),
})

const providerSchema = z.strictObject({
  name: z.string().regex(/^[\w.-]{1,64}$/, 'not 1 to 64 letters, digits, dots, dashes'),
  /** Where OpenAI's API begins, with or without `/v1`. */
  baseUrl: z.url({ protocol: /^https?$/ }),
  /** Environment variable that holds the provider's key; none for a server that wants none. */
  keyEnv: variable.optional(),
  models: z.array(providerModelSchema).min(1),
})

const keySchema = z.strictObject({
  name: z
    .string()
    .min(1)
    .max(64)
    .refine((name) => name !== wallet, 'the name of those who pay by the request'),
  /** SHA-256 of the key, in hex. */
  hash: z
    .string()
    .regex(/^[0-9a-f]{64}$/i, 'not the SHA-256 in hex')
    .optional(),
  /** Environment variable that holds the key. */
  env: variable.optional(),
  budget: z.strictObject({ amount, per: z.enum(periods) }).optional(),
})

const sessionSchema = z.strictObject({
  payer: addressField,
  key: addressField,
  operator: addressField,
  cap: amount,
  expiry: uintField(64),
  signature: hexField,
})

const payerSchema = z.strictObject({
  /** File with the private key in hex, of the payer or of the session key. */
  keyFile: z.string().optional(),
  /** Environment variable that holds it instead. */
  keyEnv: variable.default('ASSAY_PAYER_KEY'),
  /** What the payer signed for the session key; left out where the key is the payer's own. */
  session: sessionSchema.optional(),
  /** Most that one operator can take beyond what it answered, in token units. */
  exposure: amount,
  /** A voucher goes beyond the need by this much, so that not every request needs a signature; an eighth of `exposure` by default. */
  voucherStep: amount.optional(),
  /** How tabs are funded: by orders in steps, up to a sum over each tab's life. Left out, the payer funds them itself. */
  tab: z.strictObject({ step: amount, max: amount }).optional(),
})

const x402Schema = z
  .strictObject({
    /** Environment variable, or file, with the private key in hex that sends the transfers. Its account needs gas, and does nothing else. */
    keyEnv: variable.optional(),
    keyFile: z.string().optional(),
    /** Who is paid; the payer if left out. */
    payTo: addressField.optional(),
    /** What is asked for beyond the dearest upstream's quote, in parts per million of it. */
    markupPpm: z.number().int().min(0).max(10_000_000).default(0),
  })
  .refine(({ keyEnv, keyFile }) => (keyEnv === undefined) !== (keyFile === undefined), {
    message: 'name keyEnv or keyFile',
  })

/** What a gateway is told. */
export const gatewayConfigSchema = z.strictObject({
  http: z
    .strictObject({
      hostname: z.string().default('127.0.0.1'),
      /** 0 for any that is free. */
      port: z.number().int().min(0).max(65_535).default(8700),
      origins: z.array(z.string()).default(['*']),
      bodyBytes: z
        .number()
        .int()
        .positive()
        .default(20 * 1024 * 1024),
      /** Milliseconds in which a request has to be sent. */
      requestMs: ms.default(60_000),
    })
    .prefault({}),
  /** Folder of the journal; made if missing. */
  dataDir: z.string(),
  /** File with the deployment, or the deployment itself. */
  deployment: z.union([z.string(), z.record(z.string(), z.unknown())]).optional(),
  /** `ReceiptLedger`, where the deployment does not name it. */
  ledger: addressField.optional(),
  chainId: z.number().int().positive().optional(),
  /** JSON-RPC endpoint: asked who is registered where the indexer does not answer, and for operators' signers. */
  rpcUrl: z.url().optional(),
  /** Base URL of the indexer: asked first who is registered. */
  indexerUrl: z.url().optional(),
  payer: payerSchema.optional(),
  /** Operators that are asked whether they are listed or not. */
  operators: z
    .array(
      z.strictObject({
        url: z.url({ protocol: /^https?$/ }),
        operator: addressField.optional(),
        signers: z.array(addressField).default([]),
      }),
    )
    .default([]),
  /** Servers with OpenAI's API, whose answers have no receipts. */
  providers: z.array(providerSchema).default([]),
  /** What names mean: the versions that may answer to them. */
  models: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        versions: z.array(hashField).min(1),
        served: z.array(z.string()).optional(),
      }),
    )
    .default([]),
  /** Accounts whose registered names count. */
  publishers: z.array(addressField).default([]),
  /** Whether a name that an operator gives its model counts where nobody else says what it means. */
  trustCards: z.boolean().default(false),
  /** Without any, everybody who reaches the gateway may ask. */
  keys: z.array(keySchema).default([]),
  /** `public`: sealed requests are carried for anybody, key or not. */
  relay: z.strictObject({ public: z.boolean().default(false) }).prefault({}),
  /** Sells single answers to whoever has a wallet and no key. */
  x402: x402Schema.optional(),
  refreshMs: ms.default(15_000),
  timeouts: z
    .strictObject({
      connectMs: ms.default(2_000),
      firstTokenMs: ms.default(15_000),
      betweenTokensMs: ms.default(30_000),
      bodyMs: ms.default(120_000),
      totalMs: ms.default(180_000),
    })
    .prefault({}),
  retry: z
    .strictObject({
      maxAttempts: z.number().int().positive().default(4),
      backoffMs: ms.default(200),
      maxWaitMs: z.number().int().nonnegative().default(2_000),
    })
    .prefault({}),
  /** When a second upstream is asked without giving up the first: after the 95th percentile, within these bounds. */
  hedge: z
    .union([
      z.literal(false),
      z.strictObject({ minMs: ms.default(250), maxMs: ms.default(10_000) }),
    ])
    .default({ minMs: 250, maxMs: 10_000 }),
  breaker: z
    .strictObject({
      failures: z.number().int().positive().default(3),
      halfOpenAfterMs: ms.default(10_000),
      coolDownMs: ms.default(5_000),
      disabledMs: ms.default(600_000),
    })
    .prefault({}),
  /** How much each property counts when upstreams are ranked. */
  weights: z
    .strictObject({
      price: z.number().nonnegative().default(defaultWeights.price),
      latency: z.number().nonnegative().default(defaultWeights.latency),
      reliability: z.number().nonnegative().default(defaultWeights.reliability),
      stake: z.number().nonnegative().default(defaultWeights.stake),
    })
    .prefault({}),
  /** Connections to one upstream at a time. */
  maxConnections: z.number().int().positive().default(2_048),
  /** Seconds by which a fresh receipt may be off the clock. */
  clockToleranceSeconds: z.number().int().positive().default(120),
  /** Hours that answers with an Idempotency-Key, and attempts, are kept. */
  retainHours: z.number().positive().default(24),
})

export type GatewayConfig = z.output<typeof gatewayConfigSchema>
