import { isAddress, isHash } from 'viem'
import { z } from 'zod'

/** An EVM address. */
export const address = z.custom<`0x${string}`>(
  (value) => typeof value === 'string' && isAddress(value, { strict: false }),
  'not an address',
)

/** Id of a model version. */
export const modelVersion = z.custom<`0x${string}`>(
  (value) => typeof value === 'string' && isHash(value),
  'not 32 bytes in hex',
)

/** An amount in token units: text, because JSON's numbers end at 2^53. */
export const amount = z.string().regex(/^\d+$/, 'not a whole number as text').transform(BigInt)

/** How a daemon deals with its chain. */
export const chainConfigSchema = z.strictObject({
  /** JSON-RPC endpoints, best first. */
  rpcUrls: z.array(z.url()).min(1),
  /** Endpoint that tells of new blocks over WebSocket, so that they are heard of at once. */
  wsUrl: z.url({ protocol: /^wss?$/ }).optional(),
  /** Milliseconds after which an endpoint counts as silent. */
  rpcTimeoutMs: z.number().int().positive().default(5_000),
  /** Milliseconds between looks at the chain. */
  pollMs: z.number().int().positive().default(200),
  /** Blocks on top of and including a transaction's own that make it final. */
  confirmations: z.number().int().positive().default(3),
  /** Newest blocks that may still be reorganised. */
  reorgDepth: z.number().int().positive().default(64),
  /** Blocks of history read at a time. */
  logChunk: z.number().int().positive().default(1_000),
  /** Milliseconds after which a transaction that is not mined is handed to the nodes again. */
  rebroadcastAfterMs: z.number().int().positive().default(4_000),
  /** Milliseconds after which its fees are raised. */
  bumpAfterMs: z.number().int().positive().default(15_000),
  /** Most that is offered per gas. */
  maxFeeGwei: z.number().positive().default(200),
  /** Least tip that is offered per gas. */
  minTipGwei: z.number().nonnegative().default(0.1),
  /** Transactions that may be under way at a time. */
  maxInFlight: z.number().int().positive().default(16),
  /** Milliseconds that a stop waits for what is under way. */
  drainMs: z.number().int().nonnegative().default(8_000),
})

/** A model version, and the folder that holds its program. */
export const modelConfigSchema = z.strictObject({
  version: modelVersion,
  /** Folder with `program.json` and `weights.bin`. */
  folder: z.string(),
})

/** Where a daemon listens. */
export function httpConfigSchema(port: number) {
  return z
    .strictObject({
      hostname: z.string().default('127.0.0.1'),
      /** 0 for any that is free. */
      port: z.number().int().min(0).max(65_535).default(port),
    })
    .prefault({})
}

/** What every daemon is told. */
export const daemonConfigSchema = z.strictObject({
  chain: chainConfigSchema,
  /** File with the deployment, or the deployment itself. */
  deployment: z.union([z.string(), z.record(z.string(), z.unknown())]),
  /** Folder of the journal; made if missing. */
  dataDir: z.string(),
  /** File with the private key in hex; the environment is asked where it is left out. */
  keyFile: z.string().optional(),
  /** Hours that results, traces and closed intents are kept: longer than any dispute lasts. */
  retainHours: z
    .number()
    .positive()
    .default(24 * 30),
})
