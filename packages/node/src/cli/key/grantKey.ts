import { writeFile } from 'node:fs/promises'
import { signSessionKey } from '@assay/sdk'
import type { Address } from 'viem'
import { getBlock } from 'viem/actions'

import { formatAmount, parseAmount } from '../chain/amounts.ts'
import { formatTime } from '../chain/formatTime.ts'
import type { Scene } from '../chain/onChain.ts'
import type { ChainOptions } from '../chain/options.ts'
import { formatJson, type Report } from '../chain/report.ts'
import { ModelFileInputError } from '../model/errors.ts'
import { parseExpiry } from './parseExpiry.ts'

export type GrantKeyOptions = ChainOptions & {
  cap: string
  expires: string
  operator?: Address
  out?: string
}

/** Signs that a key may sign vouchers for the payer. */
export async function grantKey(
  scene: Scene,
  options: GrantKeyOptions & { address: Address },
): Promise<Report> {
  const { client, deployment, token, note } = scene
  const { address: key, operator, out } = options
  const cap = parseAmount(options.cap, token)
  const { timestamp } = await getBlock(client)
  const expiry = parseExpiry(options.expires, timestamp)
  const account = scene.account()
  const session = await signSessionKey(client, {
    ...{ deployment, key, operator, cap, expiry, account },
  })
  const json = formatJson(session)
  const whom = operator === undefined ? 'with each operator' : `with ${operator}`
  note(`${key} may spend ${formatAmount(cap, token)} ${whom} until ${formatTime(expiry)}`)
  if (out === undefined) return { lines: [json], data: session }
  await writeFile(out, `${json}\n`).catch((cause) => {
    throw new ModelFileInputError(out, 'cannot be written', cause)
  })
  return { lines: [`session key written to ${out}`], data: session }
}
