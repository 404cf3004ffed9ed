import { z } from 'zod'

import { address, amount, modelVersion } from './chainConfig.ts'

const milliseconds = z.number().int().positive()
const count = z.number().int().positive()

const tasks = z
  .array(z.enum(['chat', 'embeddings', 'images']))
  .min(1)
  .default(['chat'])

/** Where the key of an upstream is: never in the configuration itself. */
const secret = {
  /** Environment variable that holds it. */
  keyEnv: z.string().optional(),
  /** File that holds it, and nothing else. */
  keyFile: z.string().optional(),
}

/** Name of the model at the upstream. */
const upstream = { ...secret, model: z.string().min(1), tasks }

const backend = z.discriminatedUnion('kind', [
  /** Any server of OpenAI's API: its own, vLLM, llama.cpp, Ollama, LM Studio. Answers pass byte for byte. */
  z.strictObject({
    kind: z.literal('openai'),
    ...upstream,
    /** With the version: `http://127.0.0.1:8000/v1`. */
    baseUrl: z.url({ protocol: /^https?$/ }).default('https://api.openai.com/v1'),
    /** What limits an answer's tokens where the client names nothing; OpenAI's own newer models want the longer name. */
    limitField: z.enum(['max_tokens', 'max_completion_tokens']).default('max_tokens'),
  }),
  z.strictObject({ kind: z.literal('anthropic'), ...upstream, baseUrl: z.url().optional() }),
  z.strictObject({ kind: z.literal('google'), ...upstream, baseUrl: z.url().optional() }),
  /** Any other provider of the AI SDK, by its package. */
  z.strictObject({
    kind: z.literal('provider'),
    ...upstream,
    package: z.string().regex(/^(@[a-z0-9-]+\/)?[a-z0-9-]+$/, 'not the name of a package'),
    baseUrl: z.url().optional(),
  }),
  /** An exact model in this process: answers `POST /v1/infer`, and anybody can refute what is wrong. */
  z.strictObject({
    kind: z.literal('exact'),
    /** Folder with `program.json` and `weights.bin`. */
    folder: z.string(),
  }),
])

const timeouts = z
  .strictObject({
    connectMs: milliseconds.default(5_000),
    /** Until the first token of a stream. */
    firstTokenMs: milliseconds.default(60_000),
    betweenTokensMs: milliseconds.default(30_000),
    /** Until the whole of an answer. */
    totalMs: milliseconds.default(600_000),
  })
  .prefault({})

const served = z
  .strictObject({
    /** Name by which clients ask for it. */
    name: z.string().min(1).max(256),
    version: modelVersion,
    backend,
    /** Token units. */
    price: z
      .strictObject({
        perRequest: amount.default(0n),
        perMillionIn: amount.default(0n),
        perMillionOut: amount.default(0n),
      })
      .prefault({}),
    /** Most units that one answer may have; of an exact model, the elements of its output. */
    maxUnitsOut: count.optional(),
    /** Whether the upstream counts tokens that it does not show: its word is then taken, up to the quote. */
    countsHidden: z.boolean().default(false),
    timeouts,
    /** Bytes of an answer that are taken. */
    maxAnswerBytes: count.default(32 * 1024 * 1024),
  })
  .refine(({ backend }) => !('keyEnv' in backend && backend.keyEnv && backend.keyFile), {
    message: 'name keyEnv or keyFile, not both',
    path: ['backend'],
  })

/** What an operator is told about answering over HTTP. */
export const serveConfigSchema = z.strictObject({
  models: z
    .array(served)
    .min(1)
    .refine(
      (models) => new Set(models.map(({ name }) => name)).size === models.length,
      'two models have the same name',
    ),
  limits: z
    .strictObject({
      /** Bytes of a request's body. */
      maxBodyBytes: count.default(20 * 1024 * 1024),
      /** Bytes of all bodies that are held at a time. */
      maxHeldBytes: count.default(512 * 1024 * 1024),
      /** Deepest nesting of its JSON. */
      maxDepth: count.default(128),
      /** Requests answered at a time, others that wait, and how long. */
      maxConcurrent: count.default(256),
      maxQueued: z.number().int().nonnegative().default(256),
      queueMs: milliseconds.default(10_000),
      /** Silence in a stream after which a comment keeps its connection alive. */
      keepAliveMs: milliseconds.default(15_000),
    })
    .prefault({}),
  /** Sells single answers by x402, to whoever has a wallet. Its key sends the transfers and pays their gas, and does nothing else. */
  x402: z
    .strictObject({
      ...secret,
      /** Who is paid; the operator if left out. */
      payTo: address.optional(),
    })
    .refine(({ keyEnv, keyFile }) => (keyEnv === undefined) !== (keyFile === undefined), {
      message: 'name keyEnv or keyFile',
    })
    .optional(),
  tabs: z
    .strictObject({
      /** For how long what was read of a tab counts, while it covers what is asked. */
      trustMs: milliseconds.default(5_000),
      /** The same while no node answers: well under the time that a tab takes to thaw. */
      staleMs: milliseconds.default(300_000),
      /** Least that a tab order must come to, in token units: it is carried out at the operator's cost. */
      orderMinimum: amount.default(1_000_000n),
    })
    .prefault({}),
})

export type ServeConfig = z.output<typeof serveConfigSchema>
export type ServedModelConfig = ServeConfig['models'][number]
