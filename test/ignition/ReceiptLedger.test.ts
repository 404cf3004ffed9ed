import { network } from 'hardhat'
import { expect, test } from 'vitest'

import ReceiptLedger from '../../ignition/modules/ReceiptLedger.ts'
import { ledgerTerms as terms } from './ledgerTerms.ts'

const { ignition } = await network.create()

test('default: everything is wired by the parameters', async () => {
  const { ledger } = await ignition.deploy(ReceiptLedger, {
    parameters: {
      OperatorStaking: { activationDelay: 30, thawDelay: 600, rewardPpm: 300_000 },
      ReceiptLedger: terms,
    },
  })
  expect(await ledger.read.terms()).toEqual(terms)
})
