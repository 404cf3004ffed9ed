import { buildModule } from '@nomicfoundation/hardhat-ignition/modules'

import Escrow from './Escrow.ts'
import ModelRegistry from './ModelRegistry.ts'

export default buildModule('TensorVerifier', (m) => {
  const { escrow } = m.useModule(Escrow)
  const { registry } = m.useModule(ModelRegistry)
  const tensorVerifier = m.contract('TensorVerifier', [
    escrow,
    registry,
    m.contract('TensorChecker'),
    m.contract('TensorInterpreter'),
    m.contract('TensorRunner'),
    m.getParameter('demandBond'),
    m.getParameter('supplyWindow'),
    m.getParameter('followUpWindow'),
  ])
  return { tensorVerifier }
})
