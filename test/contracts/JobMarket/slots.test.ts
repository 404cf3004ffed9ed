import { encodeAbiParameters, type Hash, type Hex, hexToBigInt, keccak256 } from 'viem'
import { expect, test } from 'vitest'

import { networkHelpers, provider } from '../fixtures.ts'
import {
  answerJob,
  commitSalt,
  createJob,
  deployAnswered,
  deployMarket,
  evidenceHash,
  type MarketFixture,
  output,
  parameters,
  reachFinality,
  reachSlot,
  readAnswer,
} from './fixtures.ts'

/** Gas of a write that turns an empty storage slot into a used one; of every other write, less. */
const fillGas = 20_000

type Step = { op: string; gasCost: number; stack: Hex[] }

/** Keys of the storage slots that a transaction found empty and filled, in whichever contract. */
async function slotsFilledBy(hash: Hash): Promise<bigint[]> {
  const params = [hash, { disableMemory: true, disableStorage: true }]
  const trace = await provider.request({ method: 'debug_traceTransaction', params })
  const { structLogs } = trace as { structLogs: Step[] }
  const writes = structLogs.filter(({ op }) => op === 'SSTORE')
  expect(writes.length).toBeGreaterThan(0)
  return writes
    .filter(({ gasCost }) => gasCost >= fillGas)
    .map(({ stack }) => BigInt(stack.at(-1)!))
}

async function slotsFilledByAll(hashes: Hash[]) {
  const filled = await Promise.all(hashes.map(slotsFilledBy))
  return filled.flat()
}

/** Keys that `id` has in mappings at the first positions of a contract's storage. */
function keysOf(id: Hash) {
  const types = [{ type: 'bytes32' }, { type: 'uint256' }] as const
  return Array.from({ length: 16 }, (_, position) =>
    hexToBigInt(keccak256(encodeAbiParameters(types, [id, BigInt(position)]))),
  )
}

/** A market in which the operator has earned before. */
async function deployUsed() {
  const fixture = await deployMarket()
  const answered = await deployAnswered(fixture)
  await reachFinality(fixture, answered)
  await fixture.market.write.claim([answered.id, answered.settlement])
  return fixture
}

async function request(fixture: MarketFixture) {
  const { market, publicClient, payer } = fixture
  const job = await createJob(fixture)
  const hash = await market.write.request([job, '0x'], { account: payer })
  const { blockNumber: requestedBlock } = await publicClient.getTransactionReceipt({ hash })
  const requestedAt = BigInt(await networkHelpers.time.latest())
  await networkHelpers.mine()
  const id = await market.read.jobId([job])
  return { hash, requested: { job, id, requestedAt, requestedBlock } }
}

type Requested = Awaited<ReturnType<typeof request>>['requested']

async function answer(fixture: MarketFixture, requested: Requested) {
  const { market, operator } = fixture
  await reachSlot(fixture, requested.job, operator)
  const args = [requested.job, operator, output, evidenceHash] as const
  const hash = await market.write.answer(args, { account: operator })
  return { hash, answered: await readAnswer(fixture, requested, hash) }
}

async function commit(fixture: MarketFixture, { job, id }: Requested) {
  const { market, operator } = fixture
  const sealed = [id, operator, keccak256(output), evidenceHash, commitSalt] as const
  const commitment = await market.read.commitmentOf(sealed)
  await reachSlot(fixture, job, operator)
  const hash = await market.write.commit([job, operator, commitment], { account: operator })
  return { hash, commitment }
}

async function reveal(fixture: MarketFixture, requested: Requested) {
  const { market, operator } = fixture
  const args = [requested.job, operator, output, evidenceHash, commitSalt] as const
  const hash = await market.write.reveal(args, { account: operator })
  return { hash, answered: await readAnswer(fixture, requested, hash) }
}

/** The life of a job whose seat is forfeited before it is answered. */
async function forfeitAndAnswer(fixture: MarketFixture) {
  const { market, operator } = fixture
  const asked = await request(fixture)
  const { hash: committed, commitment } = await commit(fixture, asked.requested)
  await networkHelpers.time.increase(parameters.seatSeconds)
  const forfeited = await market.write.forfeit([asked.requested.job, operator, commitment])
  const { hash, answered } = await answer(fixture, asked.requested)
  await reachFinality(fixture, answered)
  const claimed = await market.write.claim([answered.id, answered.settlement])
  return [asked.hash, committed, forfeited, hash, claimed]
}

test('default', async () => {
  const fixture = await networkHelpers.loadFixture(deployUsed)
  const { market } = fixture

  const asked = await request(fixture)
  const { hash, answered } = await answer(fixture, asked.requested)
  const { id, settlement } = answered
  await reachFinality(fixture, answered)
  const claimed = await market.write.claim([id, settlement])

  const filled = await slotsFilledByAll([asked.hash, hash, claimed])
  expect(filled).toHaveLength(1)
  expect(keysOf(id)).toContain(filled[0])
})

test('behavior: a job with a sealed answer fills one slot', async () => {
  const fixture = await networkHelpers.loadFixture(deployUsed)
  const { market } = fixture

  const asked = await request(fixture)
  const committed = await commit(fixture, asked.requested)
  const { hash, answered } = await reveal(fixture, asked.requested)
  const { id, settlement } = answered
  await reachFinality(fixture, answered)
  const claimed = await market.write.claim([id, settlement])

  const filled = await slotsFilledByAll([asked.hash, committed.hash, hash, claimed])
  expect(filled).toHaveLength(1)
  expect(keysOf(id)).toContain(filled[0])
})

test('behavior: a job whose finality is put off fills one slot', async () => {
  const fixture = await networkHelpers.loadFixture(deployUsed)
  const { market, verifier } = fixture

  const asked = await request(fixture)
  const { hash, answered } = await answer(fixture, asked.requested)
  const { id, settlement, context } = answered
  const suspended = await verifier.write.suspend([market.address, context])
  const until = settlement.challengeUntil + 20n
  const resumed = await verifier.write.resume([market.address, context, until])
  await reachFinality(fixture, answered)
  const claimed = await market.write.claimMany([[id], [settlement]])

  expect(await market.read.isSettled([id])).toBe(true)
  const hashes = [asked.hash, hash, suspended, resumed, claimed]
  expect(await slotsFilledByAll(hashes)).toHaveLength(1)
})

test('behavior: a job whose seat was forfeited fills one slot', async () => {
  const fixture = await networkHelpers.loadFixture(deployUsed)
  const first = await forfeitAndAnswer(fixture)
  const second = await forfeitAndAnswer(fixture)

  // Staking's first slash also fills what it has to burn and what it owes to who reported it.
  expect(await slotsFilledByAll(first)).toHaveLength(3)
  expect(await slotsFilledByAll(second)).toHaveLength(1)
})

test('behavior: a job that expires fills one slot', async () => {
  const fixture = await networkHelpers.loadFixture(deployUsed)
  const { market } = fixture

  const { hash, requested } = await request(fixture)
  await networkHelpers.time.increaseTo(requested.job.deadline)
  const expired = await market.write.expire([requested.job])

  expect(await slotsFilledByAll([hash, expired])).toHaveLength(1)
})

test('behavior: many settled at once fill nothing more', async () => {
  const fixture = await networkHelpers.loadFixture(deployUsed)
  const { market } = fixture
  const asked = [await request(fixture), await request(fixture), await request(fixture)]
  const answered = []
  for (const { requested } of asked) answered.push(await answerJob(fixture, requested))
  await reachFinality(fixture, answered.at(-1)!)

  const hash = await market.write.claimMany([
    answered.map(({ id }) => id),
    answered.map(({ settlement }) => settlement),
  ])

  expect(await market.read.isSettled([answered[2]!.id])).toBe(true)
  expect(await slotsFilledBy(hash)).toEqual([])
})

test("behavior: only an operator's first answer on a model fills its account too", async () => {
  const fixture = await networkHelpers.loadFixture(deployMarket)
  const first = await request(fixture)
  const second = await request(fixture)

  const { hash: firstAnswer } = await answer(fixture, first.requested)
  const { hash: secondAnswer } = await answer(fixture, second.requested)

  expect(await slotsFilledBy(firstAnswer)).toHaveLength(1)
  expect(await slotsFilledBy(secondAnswer)).toEqual([])
})
