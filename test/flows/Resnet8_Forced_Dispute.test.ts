import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createLiarBackend } from '@assay/node/testing'
import { getJob, getJobStatus } from '@assay/sdk'
import { composeProgram } from '@assay/tensor'
import { importTflite } from '@assay/tensor/tflite'
import type { Hash } from 'viem'
import { expect, test } from 'vitest'

import { startOperator, until } from '../faults/support/operator.ts'
import { setUp } from '../faults/support/setUp.ts'
import { accountAt, dollars } from '../faults/support/suite.ts'
import { startWatcher, withheld } from '../faults/support/watcher.ts'

const shared = process.env.ASSAY_SHARED ?? join(import.meta.dirname, '../../../shared')
const modelFile = join(shared, 'data/models/resnet8-cifar10-int8.tflite')
const isAbsent = !existsSync(modelFile)
if (isAbsent) console.warn(`SKIPPED: the published model is not at ${modelFile}`)

/** Most gas that both sides may spend on a dispute, and most demands that it may take. */
const limits = { gas: 900_000n, demands: 6 }

/** A middle convolution of the network, and one of its elements. */
const element = { tensor: 7, column: 1_000 }

test.skipIf(isAbsent)(
  'behavior: a wrong element inside ResNet-8 is found and proven although its trace is withheld',
  async () => {
    const program = composeProgram(importTflite(readFileSync(modelFile)).parameters)
    const { suite, transport, tick } = await setUp({ program })
    const { chain, clientOf, deployment, model } = suite
    const [liarAccount, watcherAccount] = [accountAt(2), accountAt(4)]
    await suite.enlist(liarAccount)
    await suite.fundWatcher(watcherAccount)
    await tick(100)
    const backend = createLiarBackend({ modelVersion: model, program, element })
    const liar = startOperator({ suite, account: liarAccount, transport, backend })
    const parameters = { suite, account: watcherAccount, transport, operators: withheld }
    const watcher = startWatcher(parameters)
    const { id } = await suite.request()
    const client = clientOf(watcherAccount)
    const isRefuted = async () => (await getJobStatus(client, { deployment, id })) === 'Refuted'
    await until('the refutation', isRefuted, 40_000)
    await Promise.all([liar.stop(), watcher.stop()])

    const { transitions } = await getJob(client, { deployment, id })
    const refuted = transitions.find(({ name }) => name === 'JobRefuted')!
    expect(refuted.args).toMatchObject({ refuter: watcherAccount.address, slashed: dollars(8) })
    const ours = { demand: 0, supply: 0, pursue: 0 }
    let gas = 0n
    for (const hash of await hashesOf(deployment.tensorVerifier)) {
      const { gasUsed } = await chain.getTransactionReceipt({ hash })
      gas += gasUsed
    }
    for (const event of [...watcher.events, ...liar.events]) {
      if (event.type !== 'planned') continue
      const name = event.intent.key.split(':')[1]!
      if (name in ours) ours[name as keyof typeof ours] += 1
    }
    expect(ours).toEqual({ demand: 3, supply: 3, pursue: 1 })
    expect(ours.demand).toBeLessThanOrEqual(limits.demands)
    expect(gas).toBeLessThanOrEqual(limits.gas)

    /** Transactions whose logs the verifier wrote. */
    async function hashesOf(address: Hash) {
      const logs = await chain.getLogs({ address, fromBlock: 0n })
      return new Set(logs.map(({ transactionHash }) => transactionHash))
    }
  },
  60_000,
)
