import { network } from 'hardhat'
import { expect, test } from 'vitest'

import ReceiptLedger from '../../ignition/modules/ReceiptLedger.ts'

const { ignition } = await network.create()

const terms = {
  stakeRatioPpm: 2_000_000,
  stakeFloor: 1_000_000n,
  demandBond: 2_000_000n,
  releaseWindow: 60,
  horizon: 300,
  demandWindow: 200,
  responseWindow: 100,
  challengeWindow: 120,
  tabThaw: 61,
  signerDelay: 30,
}

test('default: everything is wired by the parameters', async () => {
  const { ledger } = await ignition.deploy(ReceiptLedger, {
    parameters: {
      OperatorStaking: { activationDelay: 30, thawDelay: 600, rewardPpm: 300_000 },
      ReceiptLedger: terms,
    },
  })
  expect(await ledger.read.terms()).toEqual(terms)
})
