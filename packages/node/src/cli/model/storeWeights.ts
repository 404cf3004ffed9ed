import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { weightChunks } from '@assay/protocol'
import { deployWeights } from '@assay/sdk'
import { type Address, bytesToHex, concatHex } from 'viem'
import { getCode } from 'viem/actions'
import { z } from 'zod'

import type { Scene } from '../chain/onChain.ts'
import { address } from '../chainConfig.ts'
import { parseConfig } from '../config.ts'

export type StoreWeightsParameters = {
  /** Folder of the model, where the contracts' addresses are kept. */
  folder: string
  weights: Uint8Array
}

export type StoredWeights = {
  /** Contracts that hold the weights, in order. */
  addresses: Address[]
  /** Contracts that were made now. */
  count: number
}

/**
 * Puts weights on-chain a contract at a time and keeps their addresses beside the model, so that a call that was
 * interrupted goes on where it ended.
 */
export async function storeWeights(
  scene: Scene,
  { folder, weights }: StoreWeightsParameters,
): Promise<StoredWeights> {
  const { client, deployment } = scene
  const file = join(folder, `weights.${deployment.chainId}.json`)
  const known = existsSync(file) ? parseConfig(file, z.array(address)) : []
  const addresses: Address[] = []
  let count = 0
  for (const [i, chunk] of weightChunks(weights).entries()) {
    const kept = known[i]
    if (kept !== undefined && (await holds(scene, kept, chunk))) {
      addresses.push(kept)
      continue
    }
    addresses.push(...(await deployWeights(client, { deployment, weights: chunk })))
    count += 1
    await writeFile(file, `${JSON.stringify(addresses, null, 2)}\n`)
  }
  return { addresses, count }
}

/** Whether a contract's code is a STOP and the chunk. */
async function holds({ client }: Scene, contract: Address, chunk: Uint8Array) {
  const code = await getCode(client, { address: contract })
  return code === concatHex(['0x00', bytesToHex(chunk)])
}
