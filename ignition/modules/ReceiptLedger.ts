import { buildModule } from '@nomicfoundation/hardhat-ignition/modules'

import Escrow from './Escrow.ts'
import ModelRegistry from './ModelRegistry.ts'
import OperatorStaking from './OperatorStaking.ts'

export default buildModule('ReceiptLedger', (m) => {
  const { escrow } = m.useModule(Escrow)
  const { staking } = m.useModule(OperatorStaking)
  const { registry } = m.useModule(ModelRegistry)
  const ledger = m.contract('ReceiptLedger', [
    escrow,
    staking,
    registry,
    {
      stakeRatioPpm: m.getParameter('stakeRatioPpm'),
      stakeFloor: m.getParameter('stakeFloor'),
      demandBond: m.getParameter('demandBond'),
      releaseWindow: m.getParameter('releaseWindow'),
      horizon: m.getParameter('horizon'),
      demandWindow: m.getParameter('demandWindow'),
      responseWindow: m.getParameter('responseWindow'),
      challengeWindow: m.getParameter('challengeWindow'),
      tabThaw: m.getParameter('tabThaw'),
      signerDelay: m.getParameter('signerDelay'),
    },
  ])
  return { ledger }
})
