import { randomBytes } from 'node:crypto'
import { commitmentOf } from '@assay/protocol'
import { bytesToHex, type Hash, type Hex, keccak256 } from 'viem'

import type { OperatorContext } from './operator.ts'

const topic = 'salt'

/** Returns the salt of a job's sealed answer, and makes it the first time; it is durable before it is used. */
export function saltFor({ journal }: OperatorContext, id: Hash): Hex {
  const known = journal.notes.get(topic, id)
  if (known !== undefined) return known as Hex
  const salt = bytesToHex(randomBytes(32))
  journal.notes.put(topic, id, salt)
  return salt
}

/** Returns the operator's commitment to its answer; nothing before it made one. */
export function commitmentFor(context: OperatorContext, id: Hash): Hash | undefined {
  const { journal, deployment, operator } = context
  const salt = journal.notes.get(topic, id)
  const result = journal.results.get(id)
  if (salt === undefined || result === undefined) return undefined
  return commitmentOf({
    chainId: deployment.chainId,
    market: deployment.market,
    id,
    operator,
    outputHash: keccak256(result.output),
    evidenceHash: result.evidenceHash,
    salt: salt as Hex,
  })
}
