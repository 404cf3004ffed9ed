import { buildModule } from '@nomicfoundation/hardhat-ignition/modules'

import JobMarket from './JobMarket.ts'

export default buildModule('Audits', (m) => {
  const { market } = m.useModule(JobMarket)
  const audits = m.contract('Audits', [
    market,
    m.getParameter('tau'),
    m.getParameter('confirmWindow'),
    m.getParameter('liabilityRatioPpm'),
    m.getParameter('liabilityFloor'),
  ])
  return { audits }
})
