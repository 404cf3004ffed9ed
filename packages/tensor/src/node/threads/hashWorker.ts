import { parentPort, workerData } from 'node:worker_threads'

import { createArena } from '../../fast/Arena.ts'
import { commitRoots, commitTensor } from '../../fast/commitTensors.ts'
import { instantiateKernels } from '../../fast/instantiateKernels.ts'
import { layOut } from '../../fast/layout.ts'
import { extentOf } from '../../fast/readTrace.ts'
import { createChannel, type HashWorkerData } from './hashChannel.ts'

const { shapes, shared } = workerData as HashWorkerData
const kernels = instantiateKernels()
const arena = createArena(kernels)
const layout = layOut(shapes, arena)
const { base, length } = extentOf(layout)
const own = arena.view(base, length)
const channel = createChannel(shared)

/** Where trees and hashes begin, behind all tensors. */
const results = layout.nodes[0]! - base

parentPort!.postMessage('ready')
// The counter wraps as int32 does.
for (let seen = 0, tensor = 0; ; seen = (seen + 1) | 0, tensor = (tensor + 1) % shapes.length) {
  channel.awaitPublished(seen)
  const { address, rows, rowBytes } = layout.places[tensor]!
  const from = address - base
  own.set(channel.memory.subarray(from, from + rows * rowBytes), from)
  commitTensor(kernels, layout, tensor)
  if (tensor === shapes.length - 1) {
    commitRoots(kernels, layout)
    channel.memory.set(own.subarray(results), results)
    channel.finish()
  }
}
