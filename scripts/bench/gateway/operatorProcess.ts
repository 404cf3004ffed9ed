/** An operator that signs receipts for what an upstream answers: `operatorProcess.ts UPSTREAM KEY_NUMBER`. Prints its URL. */
import { serveOperator } from '@assay/testing'
import { toHex } from 'viem'

import { settlement } from './settlement.ts'

const [upstream, number] = process.argv.slice(2) as [string, string]
const privateKey = toHex(BigInt(number), { size: 32 })
const { url } = await serveOperator({ ...settlement, upstream, privateKey, model: 'bench-1' })
console.log(url)
