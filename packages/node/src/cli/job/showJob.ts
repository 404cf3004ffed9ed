import { writeFile } from 'node:fs/promises'
import { getJob, type JobRecord, waitForAnswer, waitForFinality } from '@assay/sdk'
import { decodeElements } from '@assay/tensor/tflite'
import { type Hash, hexToBytes } from 'viem'

import type { Scene } from '../chain/onChain.ts'
import type { ChainOptions } from '../chain/options.ts'
import type { Report } from '../chain/report.ts'
import { ConfigError } from '../errors.ts'
import { ModelFileInputError } from '../model/errors.ts'
import { openModel } from '../model/openModel.ts'
import { describeJob } from './describeJob.ts'
import { listElements } from './listElements.ts'

export type ShowJobOptions = ChainOptions & {
  model?: string
  output?: string
  wait?: 'answered' | 'final'
}

/** Shows where a job stands. */
export async function showJob(
  scene: Scene,
  options: ShowJobOptions & { id: Hash },
): Promise<Report> {
  const { model, output } = options
  if (output !== undefined && model === undefined) {
    throw new ConfigError('--output needs --model, which says what the output is made of.')
  }
  const record = await recordOf(scene, options)
  const { lines, data } = describeJob(record, scene.token)
  if (model === undefined || record.answer === undefined) return { lines, data }
  const { manifest } = await openModel(model)
  const elements = decodeElements(manifest.output, hexToBytes(record.answer.output))
  if (output !== undefined) await save(output, elements)
  const list = listElements(manifest.output.type, elements)
  return {
    lines: [...lines, `  elements   ${shorten(list)}`],
    data: { ...data, elements: list },
  }
}

function recordOf(
  { client, deployment, signal }: Scene,
  { id, wait }: { id: Hash; wait?: ShowJobOptions['wait'] },
): Promise<JobRecord> {
  if (wait === undefined) return getJob(client, { deployment, id })
  const waitFor = wait === 'answered' ? waitForAnswer : waitForFinality
  return waitFor(client, { deployment, id, signal })
}

async function save(file: string, elements: Uint8Array) {
  await writeFile(file, elements).catch((cause) => {
    throw new ModelFileInputError(file, 'cannot be written', cause)
  })
}

/** A person reads the scores of a classifier, not an image. */
function shorten(list: readonly number[]) {
  const shown = list.slice(0, 20).join(' ')
  return list.length > 20 ? `${shown} … (${list.length} in all)` : shown
}
