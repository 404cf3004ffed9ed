import { type Hex, numberToHex, pad } from 'viem'

import { provider, viem } from '../fixtures.ts'

const address = '0x0000F90827F1C53a10cb7A02335B175320002935'
/** Runtime code of the history contract, from EIP-2935. */
const code =
  '0x3373fffffffffffffffffffffffffffffffffffffffe14604657602036036042575f35600143038111604257611fff81430311604257611fff9006545f5260205ff35b5f5ffd5b5f35611fff60014303065500'
const window = 8191n

/** Puts EIP-2935's contract, which the simulated chain lacks, where it belongs, with the hash of one block in it. */
export async function installHistory(blockNumber: bigint) {
  const publicClient = await viem.getPublicClient()
  const { hash } = await publicClient.getBlock({ blockNumber })
  const slot: Hex = pad(numberToHex(blockNumber % window))
  await provider.request({ method: 'hardhat_setCode', params: [address, code] })
  await provider.request({ method: 'hardhat_setStorageAt', params: [address, slot, hash] })
}
