import { readFile } from 'node:fs/promises'
import { openEnvelope } from '@assay/protocol/envelope'
import { decodeTrace, type Program, type Trace, traceLength } from '@assay/tensor'
import type { Address, Hash, Hex } from 'viem'

import { guessTrace } from '../../watcher/guessTrace.ts'
import type { Scene } from '../chain/onChain.ts'
import { ModelFileInputError } from '../model/errors.ts'
import { operatorOf } from './operatorOf.ts'

/** What commits to a trace: an answer of a job, or a receipt with its claim. */
export type Commitment = {
  operator: Address
  claimId: Hash
  evidenceHash: Hash
  /** What was answered; empty where it is not known. */
  output: Hex
  /** Whether the operator seals the trace for whoever asks. */
  isSealed: boolean
  /** Where the operator is asked; its registered endpoint by default. */
  url?: string | undefined
}

export type FindTraceParameters = {
  commitment: Commitment
  program: Program
  input: Uint8Array
  /** What the model computes. */
  honest: Trace
  /** File with the trace. */
  file?: string | undefined
}

/**
 * Finds the trace that is committed to: nothing else proves anything. Undefined if nobody shows it.
 * An output that was only made up needs nobody: the rest of such a trace is the model's own.
 */
export async function findTrace(
  scene: Scene,
  parameters: FindTraceParameters,
): Promise<Trace | undefined> {
  const { commitment, program, honest, file } = parameters
  const guess = guessTrace(program, honest, commitment)
  if (guess !== undefined) return guess
  const shown = file === undefined ? await ask(scene, parameters) : await read(file, parameters)
  if (shown?.evidenceHash === commitment.evidenceHash) return shown
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
  scene: Scene,
  { commitment, program, input }: FindTraceParameters,
): Promise<Trace | undefined> {
  const { operator, claimId, isSealed, url } = commitment
  const { endpoint, operators } = await operatorOf(scene, operator)
  const fetched = await operators.trace({
    ...{ endpoint: url ?? endpoint, claimId, length: traceLength(program), signal: scene.signal },
    recipient: isSealed ? scene.account().address : undefined,
  })
  if ('reason' in fetched) {
    scene.note(`the operator does not show its trace: ${fetched.reason}`)
    return undefined
  }
  const bytes = isSealed ? await open(scene, claimId, fetched.bytes) : fetched.bytes
  return decodeTrace({ program, input, bytes })
}

/** The trace of a sealed input comes sealed for whoever asks. */
async function open(scene: Scene, about: Hash, envelope: Uint8Array): Promise<Uint8Array> {
  const { address: recipient } = scene.account()
  // An account that is named has a key.
  const keys = await scene.encryptionKeys!()
  return openEnvelope({ envelope, about, recipient, keys })
}
