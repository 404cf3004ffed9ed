import { type Recipient, sealEnvelope } from '@assay/protocol/envelope'
import { type Address, bytesToHex, type Hash, type Hex } from 'viem'

import type { AssayClient, ReadParameters } from '../client.ts'
import { NoRecipientError } from '../errors/errors.ts'
import { listOperators } from './listOperators.ts'

export type SealInputParameters = ReadParameters & {
  model: Hash
  /** What the job commits to the input by. */
  inputHash: Hash
  input: Uint8Array
  /** Who may read it, and so may answer or check; by default every operator and auditor of the version with a key. */
  recipients?: readonly Recipient[] | undefined
}

/**
 * Seals an input for the operators and auditors of a model version: what `requestJob` then takes as `input`. Nobody else can answer,
 * and nobody else can check the answer without demanding parts of it on-chain (docs/protocol/inputs.md).
 *
 * @example
 * const sealed = await sealInput(client, { deployment, model, inputHash, input })
 * await requestJob(client, { deployment, model, inputHash, input: sealed, feeMax })
 */
export async function sealInput(
  client: AssayClient,
  parameters: SealInputParameters,
): Promise<Hex> {
  const { model, input, inputHash } = parameters
  const recipients = parameters.recipients ?? (await recipientsOf(client, parameters))
  if (recipients.length === 0) throw new NoRecipientError({ model })
  return bytesToHex(await sealEnvelope({ content: input, about: inputHash, recipients }))
}

async function recipientsOf(client: AssayClient, parameters: SealInputParameters) {
  const { market, audits } = parameters.deployment
  const listed = await Promise.all(
    [market, audits].map((source) => listOperators(client, { ...parameters, source })),
  )
  const recipients = new Map<Address, Recipient>()
  for (const { operator: address, encryptionKey } of listed.flat()) {
    if (encryptionKey !== undefined) recipients.set(address, { address, encryptionKey })
  }
  return [...recipients.values()]
}
