import { network } from 'hardhat'
import { type Address, parseUnits } from 'viem'

/** The chain of the test file that imports this; every file has its own. */
export const { provider, viem, networkHelpers } = await network.create()

/** Amount of the test token, which has 6 decimals. */
export function dollars(amount: number) {
  return parseUnits(String(amount), 6)
}

/** What every funded actor of `deployCore` holds. */
export const funds = dollars(10_000)

export const activationDelay = 60n
export const thawDelay = 600n
export const rewardPpm = 300_000n

type Approvable = {
  write: { approve: (args: [Address, bigint], options: { account: Address }) => Promise<unknown> }
}

/** Lets each spender take what it likes of each owner's tokens. */
export async function approveAll(token: Approvable, owners: Address[], spenders: Address[]) {
  for (const owner of owners) {
    for (const spender of spenders) {
      await token.write.approve([spender, 2n ** 256n - 1n], { account: owner })
    }
  }
}

/** Token, escrow, staking, registry and access manager, with named actors that hold `funds` and approved both. */
export async function deployCore() {
  const clients = await viem.getWalletClients()
  const [admin, payer, operator, rival, refuter, publisher, submitter, outsider] = clients.map(
    (client) => client.account.address,
  ) as [Address, Address, Address, Address, Address, Address, Address, Address]
  const publicClient = await viem.getPublicClient()

  const token = await viem.deployContract('TestToken')
  const manager = await viem.deployContract('AccessManager', [admin])
  const registry = await viem.deployContract('ModelRegistry', [manager.address])
  const escrow = await viem.deployContract('Escrow', [token.address])
  const staking = await viem.deployContract('OperatorStaking', [
    token.address,
    activationDelay,
    thawDelay,
    rewardPpm,
  ])

  const holders = [payer, operator, rival]
  for (const holder of holders) await token.write.mint([holder, funds])
  await approveAll(token, holders, [escrow.address, staking.address])

  return {
    admin,
    payer,
    operator,
    rival,
    refuter,
    publisher,
    submitter,
    outsider,
    publicClient,
    token,
    manager,
    registry,
    escrow,
    staking,
  }
}
