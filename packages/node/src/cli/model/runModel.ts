import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { createEngine } from '@assay/tensor/fast'
import type { ModelManifest } from '@assay/tensor/node'
import { decodeElements, encodeElements } from '@assay/tensor/tflite'

import { ModelFileInputError } from './errors.ts'
import { openModel } from './openModel.ts'
import { readElements } from './readElements.ts'

export type RunCommandOptions = {
  /** Folder with a model. */
  folder: string
  /** File with the input. */
  input: string
  /** File for the output. */
  output: string
  hashes?: true
  json?: true
  write: (text: string) => void
}

/** Runs the model in a folder on one input and writes its output. */
export async function runModel(options: RunCommandOptions): Promise<void> {
  const { folder, input: inputFile, output: outputFile, hashes, json, write } = options
  const { manifest, program } = await openModel(folder)
  const { input, output } = manifest
  const elements = await readElements(inputFile, input)
  const engine = createEngine(program, { unsupported: 'reference' })
  const tensors = engine.execute(encodeElements(input, elements))
  const result = decodeElements(output, tensors.at(-1)!)
  await writeFile(outputFile, result).catch((cause) => {
    throw new ModelFileInputError(outputFile, 'cannot be written', cause)
  })

  const summary = { output: outputFile, shape: output.shape, type: output.type }
  const line = { ...summary, bytes: result.length, sha256: hashOf(result) }
  if (hashes === true) write(hashLines(manifest, tensors))
  else if (json === true) write(`${JSON.stringify(line)}\n`)
  else write(`${line.bytes} bytes of ${line.type} [${line.shape.join(', ')}] in ${outputFile}\n`)
}

function hashLines({ operators, output }: ModelManifest, tensors: readonly Uint8Array[]) {
  const lines = operators.map(({ index, operator, shape, type, tensor }) => {
    const { scale, zeroPoint } = output
    const elements = decodeElements({ type, scale, zeroPoint }, tensors[tensor]!)
    return `${JSON.stringify({ index, operator, shape, sha256: hashOf(elements) })}\n`
  })
  return lines.join('')
}

function hashOf(bytes: Uint8Array) {
  return createHash('sha256').update(bytes).digest('hex')
}
