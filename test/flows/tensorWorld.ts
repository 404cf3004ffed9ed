import { weightChunks, weightInitCode } from '@assay/protocol'
import { methodOf, type Program, type Trace, weightBytes } from '@assay/tensor'
import { type Address, type Hash, keccak256, toHex } from 'viem'

import {
  type Claim,
  challengeWindow,
  contextOf,
  networkHelpers,
  viem,
  type World,
} from '../contracts/TensorVerifier/fixtures.ts'

/** What hardhat.config.ts runs each Solidity fuzz test for, unless FUZZ_RUNS says otherwise. */
const standardFuzzRuns = 256

/** Rounds of a fuzz test: `standard`, or as many times more as FUZZ_RUNS asks for more. */
export function fuzzRuns(standard: number) {
  const asked = Number(process.env.FUZZ_RUNS ?? standardFuzzRuns)
  return Math.ceil(standard * Math.max(asked / standardFuzzRuns, 1))
}

/** Publishes a program as a version of the world's model. */
export async function publishProgram(world: World, program: Program) {
  const { registry, verifier, model, publisher } = world
  const { root } = program.tree
  const methods = [methodOf(program, verifier.address)]
  await registry.write.publish([model, root, 'ipfs://manifest', methods], { account: publisher })
  return registry.read.versionId([model, root, methods])
}

let requests = 0

/** Claims what a trace commits to, or whatever `lie` says instead. */
export async function claimTrace(
  world: World,
  model: Hash,
  trace: Trace,
  lie: Partial<Claim> = {},
) {
  const { source, verifier, operator } = world
  const { inputHash, outputHash, evidenceHash } = trace
  requests += 1
  const requestId = keccak256(toHex(`tensor request ${requests}`))
  const claim = { requestId, model, operator, inputHash, outputHash, evidenceHash, ...lie }
  const challengeUntil = BigInt(await networkHelpers.time.latest()) + challengeWindow
  await source.write.submit([claim, verifier.address, challengeUntil])
  const claimId = await source.read.claimIdOf([claim])
  return { claim, claimId, context: contextOf(claim) }
}

/** Whether a claim was refuted. */
export async function isRefuted({ source }: World, claimId: Hash) {
  const [, , , refuted] = await source.read.recordOf([claimId])
  return refuted
}

/** Deploys a program's weights as code. */
export async function deployWeights(program: Program): Promise<Address[]> {
  const [wallet] = await viem.getWalletClients()
  const publicClient = await viem.getPublicClient()
  const addresses: Address[] = []
  for (const chunk of weightChunks(weightBytes(program))) {
    const hash = await wallet!.sendTransaction({ data: weightInitCode(chunk) })
    const { contractAddress } = await publicClient.waitForTransactionReceipt({ hash })
    addresses.push(contractAddress!)
  }
  return addresses
}
