import { buildModule } from '@nomicfoundation/hardhat-ignition/modules'

import AccessManager from './AccessManager.ts'
import Escrow from './Escrow.ts'
import ModelRegistry from './ModelRegistry.ts'
import OperatorStaking from './OperatorStaking.ts'

export default buildModule('JobMarket', (m) => {
  const { escrow } = m.useModule(Escrow)
  const { staking } = m.useModule(OperatorStaking)
  const { registry } = m.useModule(ModelRegistry)
  const { manager } = m.useModule(AccessManager)
  const market = m.contract('JobMarket', [
    escrow,
    staking,
    registry,
    manager,
    m.getParameter('maxAnswerWindow'),
    m.getParameter('minChallengeWindow'),
    m.getParameter('maxChallengeWindow'),
    {
      protocolFeePpm: m.getParameter('protocolFeePpm'),
      stakeRatioPpm: m.getParameter('stakeRatioPpm'),
      commitBondPpm: m.getParameter('commitBondPpm'),
      seatSeconds: m.getParameter('seatSeconds'),
      stakeFloor: m.getParameter('stakeFloor'),
    },
  ])
  return { market }
})
