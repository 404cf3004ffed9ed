import { buildModule } from '@nomicfoundation/hardhat-ignition/modules'

import Token from './Token.ts'

export default buildModule('OperatorStaking', (m) => {
  const { token } = m.useModule(Token)
  const staking = m.contract('OperatorStaking', [
    token,
    m.getParameter('activationDelay'),
    m.getParameter('thawDelay'),
    m.getParameter('rewardPpm'),
  ])
  return { staking }
})
