import { readFileSync } from 'node:fs'
import { TypedDataEncoder } from 'ethers'
import { expect, test } from 'vitest'

import { jobTypes } from '../job/job.ts'
import { jobStatuses } from '../job/jobStatus.ts'
import { demandStatuses, trees } from '../verifier/proof.ts'
import { claimTypes } from './claim.ts'

/** Names of an enum's values, in order. */
function enumOf(file: string, name: string) {
  const source = readFileSync(`contracts/${file}.sol`, 'utf8')
  const body = source.match(new RegExp(`enum ${name} \\{([^}]*)\\}`))?.[1] ?? ''
  return [...body.replaceAll(/\/\/.*/g, '').matchAll(/\w+/g)].map(([value]) => value)
}

function typeStringOf(name: string) {
  const source = readFileSync(`contracts/types/${name}.sol`, 'utf8')
  return source.match(/TYPEHASH =\s*keccak256\(\s*"([^"]+)"/)?.[1]
}

test('behavior: EIP-712 types are those of the contracts', () => {
  const claim = TypedDataEncoder.from({ Claim: [...claimTypes.Claim] })
  const job = TypedDataEncoder.from({ Job: [...jobTypes.Job] })
  expect(claim.encodeType('Claim')).toBe(typeStringOf('Claim'))
  expect(job.encodeType('Job')).toBe(typeStringOf('Job'))
})

test('behavior: enums are those of the contracts', () => {
  expect(enumOf('types/Job', 'JobStatus')).toEqual([...jobStatuses])
  expect(enumOf('types/Tensor', 'Tree')).toEqual([...trees])
  expect(enumOf('interfaces/ITensorVerifier', 'DemandStatus')).toEqual([...demandStatuses])
})
