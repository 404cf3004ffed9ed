import { writeFile } from 'node:fs/promises'
import { answerJob as answer, getJob, isRevert, type Submitted } from '@assay/sdk'
import { encodeTrace, outputOf, type Trace } from '@assay/tensor'
import { createEngine } from '@assay/tensor/fast'
import { encodeElements } from '@assay/tensor/tflite'
import { type Address, bytesToHex, type Hash } from 'viem'
import { getBlock } from 'viem/actions'

import { withOutput } from '../../watcher/guessTrace.ts'
import { JobStateError } from '../chain/errors.ts'
import { formatTime } from '../chain/formatTime.ts'
import type { Scene } from '../chain/onChain.ts'
import type { ChainOptions } from '../chain/options.ts'
import { pause } from '../chain/pause.ts'
import type { Report } from '../chain/report.ts'
import { ModelFileInputError } from '../model/errors.ts'
import { readElements } from '../model/readElements.ts'
import { describeJob } from './describeJob.ts'
import { type OpenedJob, openJob } from './openJob.ts'

export type AnswerJobOptions = ChainOptions & {
  model: string
  output?: string
  input?: string
  operator?: Address
  trace?: string
}

/** Answers a job in the open, with the model's output or with one that is given. */
export async function answerJob(
  scene: Scene,
  options: AnswerJobOptions & { id: Hash },
): Promise<Report> {
  const { client, deployment, token } = scene
  const { id } = options
  const operator = options.operator ?? scene.account().address
  const opened = await openJob(scene, { ...options, reader: operator })
  const { status } = opened.record
  if (status !== 'Open') throw new JobStateError(id, status, 'only an open one can be answered')
  const { honest, trace } = await traceOf(opened, options.output)
  if (options.trace !== undefined) await save(options.trace, trace)
  await sendInSlot(scene, opened, { operator, trace })
  const { lines, data } = describeJob(await getJob(client, { deployment, id }), token)
  const isRight = trace.outputHash === honest.outputHash
  const verdict = isRight ? "as the model's" : "WRONG: not the model's, which anybody can prove"
  return { lines: [...lines, `  given      ${verdict}`], data: { ...data, isRight } }
}

/** What the model computes, and what the answer commits to: the same, but for an output that was given. */
async function traceOf({ manifest, program, input }: OpenedJob, file: string | undefined) {
  const honest = createEngine(program, { unsupported: 'reference' }).commit(input)
  if (file === undefined) return { honest, trace: honest }
  const output = encodeElements(manifest.output, await readElements(file, manifest.output))
  return { honest, trace: withOutput(program, honest, output) }
}

async function save(file: string, trace: Trace) {
  await writeFile(file, encodeTrace(trace)).catch((cause) => {
    throw new ModelFileInputError(file, 'cannot be written', cause)
  })
}

type Answer = { operator: Address; trace: Trace }

/** Answers as soon as the operator's slot is open. */
async function sendInSlot(
  scene: Scene,
  { record }: OpenedJob,
  { operator, trace }: Answer,
): Promise<Submitted> {
  const { client, deployment, note } = scene
  const { job } = record
  const output = bytesToHex(outputOf(trace))
  const { evidenceHash } = trace
  let isTold = false
  for (;;) {
    try {
      return await answer(client, { deployment, job, operator, output, evidenceHash })
    } catch (error) {
      const opensAt = opensAtOf(error)
      if (opensAt === undefined || opensAt >= job.deadline) throw error
      if (opensAt > 0n && !isTold) {
        note(`the operator's slot opens at ${formatTime(opensAt)}`)
        isTold = true
      }
      await nextBlock(scene)
    }
  }
}

async function nextBlock({ client, signal }: Scene) {
  const { number } = await getBlock(client)
  while ((await getBlock(client)).number === number) await pause(client.pollingInterval, signal)
}

/** When a slot opens that is not open; zero where nobody can say yet. Undefined for what waiting does not mend. */
function opensAtOf(error: unknown): bigint | undefined {
  if (isRevert(error, 'SeedNotReady')) return 0n
  return isRevert(error, 'SlotNotOpen') ? error.args.opensAt : undefined
}
