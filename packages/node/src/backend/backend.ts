import type { Hash } from 'viem'

/** What a model gave for one input. */
export type Execution = {
  output: Uint8Array
  /** The method's own commitment. Exact models: the trace root. */
  evidenceHash: Hash
  /** What the operator must be able to show. Exact models: tensors 1…n, concatenated. */
  trace: Uint8Array
}

/** Something that runs one model version. */
export type Backend = {
  modelVersion: Hash
  /** Root under which the registry must hold the model version for the operator's verifier. */
  programRoot: Hash
  /** Bytes of an input. */
  inputBytes: number
  /** Returns the commitment to an input; nothing for bytes that are no input of the model. */
  commitInput: (input: Uint8Array) => Hash | undefined
  run: (input: Uint8Array, signal: AbortSignal) => Promise<Execution>
}
