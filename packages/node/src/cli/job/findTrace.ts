import { readFile } from 'node:fs/promises'
import { type AnsweredJob, getOperator } from '@assay/sdk'
import { decodeTrace, type Program, type Trace, traceLength } from '@assay/tensor'

import { createOperatorClient } from '../../watcher/createOperatorClient.ts'
import { guessTrace } from '../../watcher/guessTrace.ts'
import type { Scene } from '../chain/onChain.ts'
import { ModelFileInputError } from '../model/errors.ts'

export type FindTraceParameters = {
  record: AnsweredJob
  program: Program
  input: Uint8Array
  /** What the model computes. */
  honest: Trace
  /** File with the trace. */
  file?: string | undefined
}

/** Milliseconds after which an operator counts as not serving. */
const timeoutMs = 10_000

/**
 * Finds the trace that an answer commits to: nothing else proves anything. Undefined if nobody shows it.
 * An output that was only made up needs nobody: the rest of such a trace is the model's own.
 */
export async function findTrace(
  scene: Scene,
  parameters: FindTraceParameters,
): Promise<Trace | undefined> {
  const { record, program, honest, file } = parameters
  const guess = guessTrace(program, honest, record.answer)
  if (guess !== undefined) return guess
  const shown = file === undefined ? await ask(scene, parameters) : await read(file, parameters)
  if (shown?.evidenceHash === record.answer.evidenceHash) return shown
  if (file !== undefined) throw new ModelFileInputError(file, 'is not what the answer commits to')
  return undefined
}

async function read(file: string, { program, input }: FindTraceParameters): Promise<Trace> {
  const bytes = await readFile(file).catch((cause) => {
    throw new ModelFileInputError(file, 'cannot be read', cause)
  })
  if (bytes.length === traceLength(program)) return decodeTrace({ program, input, bytes })
  throw new ModelFileInputError(file, `has ${bytes.length} bytes, needed ${traceLength(program)}`)
}

async function ask(
  { client, deployment, note, signal }: Scene,
  { record, program, input }: FindTraceParameters,
): Promise<Trace | undefined> {
  const { operator, claimId } = record.answer
  const { endpoint } = (await getOperator(client, { deployment, operator })) ?? { endpoint: '' }
  const operators = createOperatorClient({ fetch, timeoutMs })
  const fetched = await operators.trace({ endpoint, claimId, length: traceLength(program), signal })
  if ('bytes' in fetched) return decodeTrace({ program, input, bytes: fetched.bytes })
  note(`the operator does not show its trace: ${fetched.reason}`)
  return undefined
}
