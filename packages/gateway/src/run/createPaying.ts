import { receiptLedgerAbi } from '@assay/protocol'
import {
  type Address,
  type Hash,
  type Hex,
  hexToBytes,
  type PublicClient,
  recoverAddress,
} from 'viem'
import { privateKeyToAddress, sign } from 'viem/accounts'

import type { LoadedGatewayConfig } from '../config/config.ts'
import { GatewayConfigError } from '../errors.ts'
import type { Observe } from '../events.ts'
import type { Journal } from '../journal/openJournal.ts'
import type { Keys } from '../keys/createKeys.ts'
import { createPurse } from '../purse/createPurse.ts'
import type { Payer } from '../purse/purse.ts'
import type { Clock } from '../support/clock.ts'
import { type CreateVerifierDependencies, createVerifier } from '../upstream/createVerifier.ts'
import type { Transport } from '../upstream/transport.ts'

/** How digests are signed and signers recovered. */
export type Cryptography = {
  /** Returns 65 bytes. */
  sign: (digest: Hash, privateKey: Hex) => Hex | Promise<Hex>
  recover: CreateVerifierDependencies['recover']
}

export const viemCryptography: Cryptography = {
  sign: (hash, privateKey) => sign({ hash, privateKey, to: 'hex' }),
  recover: (hash, signature) => recoverAddress({ hash, signature }),
}

/** A curve as `loadCurve` of `@assay/crypto` gives it. */
export type FastCurve = {
  sign: (digest: Hash, privateKey: Uint8Array) => Hex
  recover: (digest: Hash, signature: Hex) => Address | undefined
}

/** Returns the same by a curve in native code or WebAssembly. */
export function cryptographyOf({ sign, recover }: FastCurve): Cryptography {
  return { sign: (digest, privateKey) => sign(digest, hexToBytes(privateKey)), recover }
}

/** Returns who pays; undefined where nobody does. Throws `GatewayConfigError` for a session of another key. */
export function payerOf(
  { payer, payerKey }: LoadedGatewayConfig,
  { sign }: Cryptography,
): Payer | undefined {
  if (payer === undefined || payerKey === undefined) return undefined
  const address = privateKeyToAddress(payerKey)
  const { session } = payer
  if (session !== undefined && session.key !== address) {
    throw new GatewayConfigError(`The session is for ${session.key}, and the key is ${address}'s.`)
  }
  return {
    payer: session?.payer ?? address,
    sign: (digest) => sign(digest, payerKey),
    session,
  }
}

export type CreatePayingDependencies = {
  config: LoadedGatewayConfig
  payer: Payer | undefined
  journal: Journal
  keys: Keys
  transport: Transport
  client: PublicClient | undefined
  clock: Clock
  cryptography: Cryptography
  observe: Observe
}

/** Milliseconds that an operator has to tell what receipts it holds. */
const resyncMs = 5_000

/** Creates what pays, and what checks what was paid for. */
export function createPaying(dependencies: CreatePayingDependencies) {
  const { config, payer, journal, keys, transport, client, cryptography, observe } = dependencies
  const { settlement } = config
  const ledger = client && settlement && { address: settlement.ledger, abi: receiptLedgerAbi }
  const verifier = createVerifier({
    ...{ clock: dependencies.clock, recover: cryptography.recover },
    toleranceSeconds: config.clockToleranceSeconds,
    ...(ledger && {
      signerUntil: (operator, signer) =>
        client.readContract({ ...ledger, functionName: 'signerUntil', args: [operator, signer] }),
    }),
  })
  if (payer === undefined || settlement === undefined || config.payer === undefined) {
    return { verifier, purse: undefined }
  }
  const { exposure, tab, voucherStep = exposure / 8n } = config.payer
  const purse = createPurse({
    ...{ ...settlement, payer, journal, transport, observe, timeoutMs: resyncMs },
    policy: { exposure, voucherStep, tab },
    check: (document, upstream) => verifier.verify({ document }, upstream),
    recovered: keys.spend,
    ...(ledger && {
      epochOf: async (operator) => {
        const args = [payer.payer, operator] as const
        const { epoch } = await client.readContract({ ...ledger, functionName: 'tabOf', args })
        return epoch
      },
    }),
  })
  return { verifier, purse }
}
