import { type Claim, claimOf, encodeContext, type Job, settlementOf } from '@assay/protocol'
import { type Hex, keccak256, parseEventLogs, toHex, zeroAddress } from 'viem'

import { activationDelay, dollars, networkHelpers, viem } from '../fixtures.ts'
import { deployDemo } from './fixtures.ts'
import { bytesOf, commitmentOf, type Tensor } from './program.ts'

const parameters = {
  protocolFeePpm: 20_000,
  stakeRatioPpm: 2_000_000,
  commitBondPpm: 100_000,
  seatSeconds: 5,
  stakeFloor: dollars(1),
}
const stake = dollars(1000)

/** `deployDemo` with the real market, in which `operator` alone has stake on the demo model. */
export async function deployMarketDemo() {
  const world = await deployDemo()
  const { escrow, staking, registry, manager, operator, payer, version } = world
  const market = await viem.deployContract('JobMarket', [
    escrow.address,
    staking.address,
    registry.address,
    manager.address,
    60,
    10,
    600,
    parameters,
  ])
  await staking.write.deposit([operator, stake], { account: operator })
  await staking.write.allocate([market.address, version, stake], { account: operator })
  await networkHelpers.time.increase(activationDelay)
  await staking.write.activate([market.address, version, operator])
  await escrow.write.deposit([payer, market.address, dollars(1000)], { account: payer })
  return { ...world, market }
}

export type MarketWorld = Awaited<ReturnType<typeof deployMarketDemo>>

async function createJob(world: MarketWorld, inputHash: Hex): Promise<Job> {
  const { market, payer, version, verifier } = world
  const now = BigInt(await networkHelpers.time.latest())
  return {
    payer,
    model: version,
    inputHash,
    verifier: verifier.address,
    feeMin: dollars(2),
    feeMax: dollars(4),
    ramp: 20,
    tau: 1,
    deadline: now + 50n,
    challengeWindow: 60,
    parametersId: await market.read.currentParametersId(),
    callbackGas: 0,
    callback: zeroAddress,
    salt: keccak256(toHex(now)),
  }
}

/** Requests a job and lets `operator` answer it with `output`, committing to `tensors`. */
export async function answer(world: MarketWorld, tensors: Tensor[], output?: Hex) {
  const { market, operator, publicClient } = world
  const { inputHash, evidenceHash } = commitmentOf(tensors)
  const job = await createJob(world, inputHash)
  await market.write.request([job, '0x'], { account: job.payer })
  await networkHelpers.mine()
  const opensAt = await market.read.slotOf([job, operator], { blockTag: 'pending' })
  const now = BigInt(await networkHelpers.time.latest())
  await networkHelpers.time.setNextBlockTimestamp(opensAt > now ? opensAt : now + 1n)
  const hash = await market.write.answer(
    [job, operator, output ?? bytesOf(tensors.at(-1)!), evidenceHash],
    { account: operator },
  )
  const { logs } = await publicClient.getTransactionReceipt({ hash })
  const [log] = parseEventLogs({ abi: market.abi, eventName: 'JobAnswered', logs })
  const claim: Claim = claimOf({ job, answered: log!.args })
  const settlement = settlementOf({ job, answered: log!.args })
  return { job, claim, settlement, context: encodeContext({ settlement, claim }) }
}
