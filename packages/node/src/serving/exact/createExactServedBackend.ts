import { type Hash, keccak256, stringToBytes } from 'viem'

import type { Backend } from '../../backend/backend.ts'
import { RequestError } from '../errors.ts'
import type { ServedBackend } from '../servedBackend.ts'
import { readTensor } from './readTensor.ts'

export type CreateExactServedBackendParameters = {
  /** Name that the receipt gives to the model. */
  name: string
  backend: Backend
  /** Elements of each row of the output. */
  rowLength: number
}

/**
 * Creates the backend of `POST /v1/infer`: tensors in and out of an exact model, with the commitments by which anybody
 * can refute its receipt.
 *
 * @example
 * const served = createExactServedBackend({ name: 'digits', backend: createExactBackend({ modelVersion, program }), rowLength: 10 })
 */
export function createExactServedBackend(
  parameters: CreateExactServedBackendParameters,
): ServedBackend {
  const { name, backend, rowLength } = parameters
  return {
    tasks: ['infer'],
    async answer({ body }, signal) {
      const input = readTensor(body.input, backend.inputBytes)
      const inputHash = commit(backend, input)
      const { output, evidenceHash, trace } = await backend.run(input, signal)
      const [unitsIn, unitsOut] = [BigInt(input.length), BigInt(output.length)]
      const answer = {
        ...{ object: 'inference', model: name, shape: [output.length / rowLength, rowLength] },
        output: body.encoding_format === 'base64' ? encode(output) : rowsOf(output, rowLength),
        usage: { elements_in: input.length, elements_out: output.length },
      }
      return {
        kind: 'body',
        bytes: stringToBytes(JSON.stringify(answer)),
        counted: { unitsIn, unitsOut, textBytes: 0, servedModel: name },
        exact: { inputHash, outputHash: keccak256(output), evidenceHash, trace },
      }
    },
  }
}

function commit({ commitInput }: Backend, input: Uint8Array): Hash {
  const inputHash = commitInput(input)
  if (inputHash !== undefined) return inputHash
  const message = 'The input is no input of the model.'
  throw new RequestError({ status: 400, code: 'invalid_tensor', message, param: 'input' })
}

function encode(output: Uint8Array) {
  return Buffer.from(output).toString('base64')
}

function rowsOf(output: Uint8Array, rowLength: number) {
  return Array.from({ length: output.length / rowLength }, (_, row) => [
    ...output.subarray(row * rowLength, (row + 1) * rowLength),
  ])
}
