import { readFileSync } from 'node:fs'
import { TypedDataEncoder } from 'ethers'
import { expect, test } from 'vitest'

import { jobTypes } from '../job/job.ts'
import { claimTypes } from './claim.ts'

function typeStringOf(name: string) {
  const source = readFileSync(`contracts/types/${name}.sol`, 'utf8')
  return source.match(/string internal constant TYPE =\s*"([^"]+)"/)?.[1]
}

test('behavior: EIP-712 types are those of the contracts', () => {
  const claim = TypedDataEncoder.from({ Claim: [...claimTypes.Claim] })
  const job = TypedDataEncoder.from({ Job: [...jobTypes.Job] })
  expect(claim.encodeType('Claim')).toBe(typeStringOf('Claim'))
  expect(job.encodeType('Job')).toBe(typeStringOf('Job'))
})
