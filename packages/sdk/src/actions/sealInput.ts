import { type Recipient, sealEnvelope } from '@assay/protocol/envelope'
import { bytesToHex, type Hash, type Hex } from 'viem'

import type { AssayClient, ReadParameters } from '../client.ts'
import { NoRecipientError } from '../errors/errors.ts'
import { listOperators } from './listOperators.ts'

export type SealInputParameters = ReadParameters & {
  model: Hash
  /** What the job commits to the input by. */
  inputHash: Hash
  input: Uint8Array
  /** Who may read it, and so may answer or check; by default every operator of the version that has a key. */
  recipients?: readonly Recipient[] | undefined
}

/**
 * Seals an input for the operators of a model version: what `requestJob` then takes as `input`. Nobody else can answer,
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
  const operators = await listOperators(client, parameters)
  return operators.flatMap(({ operator, encryptionKey }) =>
    encryptionKey === undefined ? [] : [{ address: operator, encryptionKey }],
  )
}
