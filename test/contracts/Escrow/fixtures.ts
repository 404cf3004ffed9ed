import { deployCore, dollars } from '../fixtures.ts'

/** `deployCore` and 100 dollars that the payer deposited with `spender`. */
export async function deployDeposit() {
  const core = await deployCore()
  const { escrow, payer, submitter: spender, refuter: otherSpender } = core
  await escrow.write.deposit([payer, spender, dollars(100)], { account: payer })
  return { ...core, spender, otherSpender }
}
