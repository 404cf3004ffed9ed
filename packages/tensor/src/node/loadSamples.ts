import { readFile } from 'node:fs/promises'

import { BaseError } from '@assay/protocol'

/** An input whose answer is known. */
export type Sample = {
  input: Uint8Array
  label: number
}

export type LoadSamplesParameters = {
  /** File of samples: each a byte with the label, then the input. */
  file: string
  /** Bytes of one input. */
  inputLength: number
}

/** A file of samples does not hold whole samples. */
export class SamplesLengthError extends BaseError {
  override name = 'SamplesLengthError'
  readonly found: number
  readonly sampleLength: number

  constructor(found: number, sampleLength: number) {
    super(`The samples have ${found} bytes, which is no multiple of ${sampleLength}.`)
    this.found = found
    this.sampleLength = sampleLength
  }
}

/** Reads labelled inputs. */
export async function loadSamples(parameters: LoadSamplesParameters): Promise<Sample[]> {
  const { file, inputLength } = parameters
  const bytes = await readFile(file)
  const length = 1 + inputLength
  if (bytes.length % length !== 0) throw new SamplesLengthError(bytes.length, length)

  return Array.from({ length: bytes.length / length }, (_, i) => ({
    label: bytes[i * length]!,
    input: new Uint8Array(bytes.subarray(i * length + 1, (i + 1) * length)),
  }))
}
