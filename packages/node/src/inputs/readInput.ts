import {
  type EncryptionKeys,
  EnvelopeMalformedError,
  EnvelopeOpenError,
  isEnvelope,
  NotRecipientError,
  openEnvelope,
  recipientsOf,
} from '@assay/protocol/envelope'
import type { Address, Hash } from 'viem'

import type { JobRecord } from '../book/records.ts'
import type { KeptInput } from '../journal/createInputs.ts'
import type { Journal } from '../journal/openJournal.ts'

export type ReadInputParameters = {
  record: Pick<JobRecord, 'job' | 'input'>
  /** Returns the commitment to an input; nothing for bytes that are no input of the model. */
  commit: (input: Uint8Array) => Hash | undefined
  journal: { inputs: Pick<Journal['inputs'], 'get'> }
  /** Who reads. */
  reader: Address
  /** Keys that open what is sealed for the reader. */
  encryptionKeys?: EncryptionKeys | undefined
}

/** Why an input cannot be had. */
export type MissingInput = {
  /** Whether it may yet be posted. */
  isAwaited: boolean
  reason: string
}

/**
 * Reads the input of a job: from its event, in the open or sealed for the reader, or as it was posted. What is returned
 * is what the job commits to.
 */
export async function readInput(
  parameters: ReadInputParameters,
): Promise<KeptInput | MissingInput> {
  const { record, commit, journal } = parameters
  const { job, input } = record
  const given = commit(input)
  if (given === job.inputHash) return { bytes: input }
  const kept = journal.inputs.get(job.inputHash)
  if (kept !== undefined) return kept
  if (input.length === 0) return { isAwaited: true, reason: 'its input was not posted here' }
  if (isEnvelope(input)) return open(parameters)
  const reason =
    given === undefined
      ? `its ${input.length} bytes are no input of the model`
      : 'the input is not the one that it commits to'
  return { isAwaited: false, reason }
}

async function open(parameters: ReadInputParameters): Promise<KeptInput | MissingInput> {
  const { record, commit, reader, encryptionKeys: keys } = parameters
  const { job, input: envelope } = record
  const missing = (reason: string) => ({ isAwaited: false, reason })
  if (keys === undefined) return missing('its input is sealed, and there is no key here')
  try {
    const about = job.inputHash
    const bytes = await openEnvelope({ envelope, about, recipient: reader, keys })
    if (commit(bytes) !== about) return missing('what was sealed is not what it commits to')
    return { bytes, readers: recipientsOf(envelope) }
  } catch (error) {
    if (error instanceof NotRecipientError) return missing('its input is sealed for others')
    const isForeign = error instanceof EnvelopeOpenError || error instanceof EnvelopeMalformedError
    if (isForeign) return missing(error.shortMessage)
    throw error
  }
}
