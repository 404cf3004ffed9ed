import { buildModule } from '@nomicfoundation/hardhat-ignition/modules'

import Token from './Token.ts'

export default buildModule('Escrow', (m) => {
  const { token } = m.useModule(Token)
  return { escrow: m.contract('Escrow', [token]) }
})
