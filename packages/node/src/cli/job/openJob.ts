import { getJob, type JobRecord } from '@assay/sdk'
import type { LoadedModel } from '@assay/tensor/node'
import { encodeElements } from '@assay/tensor/tflite'
import type { Address, Hash } from 'viem'

import { commitmentOf } from '../../inputs/commitmentOf.ts'
import { needProgram } from '../chain/needProgram.ts'
import type { Scene } from '../chain/onChain.ts'
import { ConfigError } from '../errors.ts'
import { openModel } from '../model/openModel.ts'
import { readElements } from '../model/readElements.ts'
import { findInput } from './findInput.ts'

export type OpenJobParameters = {
  id: Hash
  /** Folder with the model. */
  model: string
  /** File with the input's elements; else the chain, or the operator that answered, is asked. */
  input?: string | undefined
  /** For whom a sealed input is opened. */
  reader: Address
}

/** A job, and what answers it. */
export type OpenedJob = LoadedModel & {
  record: JobRecord
  /** Bytes of tensor 0. */
  input: Uint8Array
}

/** Finds a job on the chain, its model in a folder, and its input. */
export async function openJob(scene: Scene, parameters: OpenJobParameters): Promise<OpenedJob> {
  const { client, deployment } = scene
  const { id, input: file, reader } = parameters
  const [loaded, record] = await Promise.all([
    openModel(parameters.model),
    getJob(client, { deployment, id }),
  ])
  const { manifest, program } = loaded
  await needProgram(scene, record.job.model, program)
  if (file === undefined) {
    return { ...loaded, record, input: await findInput(scene, { record, program, reader }) }
  }
  const input = encodeElements(manifest.input, await readElements(file, manifest.input))
  if (commitmentOf(program, input) === record.job.inputHash) return { ...loaded, record, input }
  throw new ConfigError(`${file} is not the input that the job is about.`)
}
