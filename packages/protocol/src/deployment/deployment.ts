import { type Address, getAddress, isAddress } from 'viem'
import { z } from 'zod'

const address = z
  .string()
  .refine((value) => isAddress(value, { strict: false }), 'not an address')
  .transform((value): Address => getAddress(value))

/** Shape of a deployment as it is kept in files and served over HTTP. */
export const deploymentSchema = z.object({
  /** Chain on which the suite is deployed. */
  chainId: z.number().int().positive(),
  /** Block from which the suite's events are searched. */
  startBlock: z.number().int().nonnegative(),
  /** The one ERC-20 that is escrowed and staked. */
  token: address,
  /** OpenZeppelin `AccessManager` that governs the suite. */
  manager: address,
  escrow: address,
  staking: address,
  registry: address,
  market: address,
  tensorVerifier: address,
  audits: address,
  /** `ReceiptLedger` that settles off-chain receipts. */
  ledger: address,
})

/** Where the suite is deployed. */
export type Deployment = z.output<typeof deploymentSchema>
