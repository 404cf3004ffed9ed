import { getJob, type JobRecord } from '@assay/sdk'
import type { LoadedModel } from '@assay/tensor/node'
import { encodeElements } from '@assay/tensor/tflite'
import { type Hash, hexToBytes } from 'viem'

import { commitmentOf } from '../../inputs/commitmentOf.ts'
import { needProgram } from '../chain/needProgram.ts'
import type { Scene } from '../chain/onChain.ts'
import { ConfigError } from '../errors.ts'
import { openModel } from '../model/openModel.ts'
import { readElements } from '../model/readElements.ts'

export type OpenJobParameters = {
  id: Hash
  /** Folder with the model. */
  model: string
  /** File with the input's elements. */
  input?: string | undefined
}

/** A job, and what answers it. */
export type OpenedJob = LoadedModel & {
  record: JobRecord
  /** Bytes of tensor 0. */
  input: Uint8Array
}

/** Finds a job on the chain, its model in a folder, and its input in one of both. */
export async function openJob(scene: Scene, parameters: OpenJobParameters): Promise<OpenedJob> {
  const { client, deployment } = scene
  const { id } = parameters
  const [loaded, record] = await Promise.all([
    openModel(parameters.model),
    getJob(client, { deployment, id }),
  ])
  const { manifest, program } = loaded
  await needProgram(scene, record.job.model, program)
  const input =
    parameters.input === undefined
      ? hexToBytes(record.input)
      : encodeElements(manifest.input, await readElements(parameters.input, manifest.input))
  if (commitmentOf(program, input) !== record.job.inputHash) {
    throw new ConfigError(
      parameters.input === undefined
        ? 'The request does not carry its input: name it with --input.'
        : `${parameters.input} is not the input that the job is about.`,
    )
  }
  return { ...loaded, record, input }
}
