import { isEnvelope } from '@assay/protocol/envelope'
import type { JobRecord } from '@assay/sdk'
import type { Program } from '@assay/tensor'
import { type Address, hexToBytes } from 'viem'

import { commitmentOf } from '../../inputs/commitmentOf.ts'
import { readInput } from '../../inputs/readInput.ts'
import type { Scene } from '../chain/onChain.ts'
import { ConfigError } from '../errors.ts'
import { operatorOf } from './operatorOf.ts'

export type FindInputParameters = {
  record: JobRecord
  program: Program
  /** For whom a sealed input is opened. */
  reader: Address
}

/** Nothing is posted to a command. */
const journal = { inputs: { get: () => undefined } }

/** Finds the input of a job: with its request, in the open or sealed for the reader, or at the operator that answered. */
export async function findInput(
  scene: Scene,
  { record, program, reader }: FindInputParameters,
): Promise<Uint8Array> {
  const { job, answer } = record
  const commit = (bytes: Uint8Array) => commitmentOf(program, bytes)
  const input = hexToBytes(record.input)
  const found = await readInput({
    ...{ commit, journal, reader, record: { job, input } },
    encryptionKeys: isEnvelope(input) ? await scene.encryptionKeys?.() : undefined,
  })
  if ('bytes' in found) return found.bytes
  if (!found.isAwaited || answer === undefined) throw missing(found.reason)
  const { endpoint, operators } = await operatorOf(scene, answer.operator)
  const { rows, rowBytes } = program.operators[0]!
  const { inputHash } = job
  const request = { endpoint, inputHash, length: rows * rowBytes, signal: scene.signal }
  const shown = await operators.input(request)
  if ('reason' in shown) throw missing(`the operator does not show it: ${shown.reason}`)
  if (commit(shown.bytes) === inputHash) return shown.bytes
  throw missing('what the operator shows is not what the job commits to')
}

function missing(reason: string) {
  return new ConfigError('The input of the job cannot be had: name it with --input.', {
    metaMessages: [reason],
  })
}
