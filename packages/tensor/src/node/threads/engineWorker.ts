import { parentPort, workerData } from 'node:worker_threads'

import { commitRoots, commitTensor } from '../../fast/commitTensors.ts'
import { createRunner } from '../../fast/createRunner.ts'
import { instantiateKernels } from '../../fast/instantiateKernels.ts'
import type { Layout } from '../../fast/layout.ts'
import { takeSnapshot } from '../../fast/readTrace.ts'
import { ensureExact } from '../../fast/selfCheck.ts'
import type { Program } from '../../program/Program.ts'

/** One input of a batch. */
export type PoolRequest = { mode: 'answer' | 'commit'; input: Uint8Array }

/** The output, or the snapshot of a trace, and how a snapshot is laid out. */
export type PoolReply = { layout: Layout; bytes: Uint8Array<ArrayBuffer> }

const { program } = workerData as { program: Program }
ensureExact(instantiateKernels)
const kernels = instantiateKernels()
const { arena, layout, run, view } = createRunner(program, kernels)
const { places } = layout

function answer({ mode, input }: PoolRequest): PoolReply {
  run(input)
  if (mode === 'answer') return { layout, bytes: view(places.length - 1).slice() }
  for (const tensor of places.keys()) commitTensor(kernels, layout, tensor)
  commitRoots(kernels, layout)
  return { layout, bytes: takeSnapshot(arena, layout).bytes }
}

parentPort!.on('message', (request: PoolRequest) => {
  const reply = answer(request)
  parentPort!.postMessage(reply, [reply.bytes.buffer])
})
