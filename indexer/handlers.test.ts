import { globSync, readFileSync } from 'node:fs'

import {
  auditsAbi,
  escrowAbi,
  jobMarketAbi,
  modelRegistryAbi,
  operatorStakingAbi,
  receiptLedgerAbi,
  tensorVerifierAbi,
} from '@assay/protocol'
import type { Abi } from 'viem'
import { expect, test } from 'vitest'

const contracts: Record<string, Abi> = {
  Audits: auditsAbi,
  Escrow: escrowAbi,
  JobMarket: jobMarketAbi,
  ModelRegistry: modelRegistryAbi,
  OperatorStaking: operatorStakingAbi,
  ReceiptLedger: receiptLedgerAbi,
  TensorVerifier: tensorVerifierAbi,
}

/** Declared by a base contract that never emits it. */
const neverEmitted = ['JobMarket:EIP712DomainChanged', 'ReceiptLedger:EIP712DomainChanged']

test('behavior: every event of every contract has one handler', () => {
  const sources = globSync(`${import.meta.dirname}/src/*.ts`).map((file) =>
    readFileSync(file, 'utf8'),
  )
  const handled = sources.flatMap((source) =>
    [...source.matchAll(/\bon\('(\w+:\w+)'/g)].map(([, name]) => name!),
  )
  const declared = Object.entries(contracts).flatMap(([contract, abi]) =>
    abi.flatMap((item) => (item.type === 'event' ? [`${contract}:${item.name}`] : [])),
  )
  const emitted = declared.filter((name) => !neverEmitted.includes(name))
  expect(handled.filter((name) => !name.endsWith(':setup')).toSorted()).toEqual(emitted.toSorted())
})
