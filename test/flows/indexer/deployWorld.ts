import { composeProgram, hashInput, type Program } from '@assay/tensor'
import { deploySuite, publishProgram } from '@assay/testing'
import { network } from 'hardhat'
import { type Hash, zeroHash } from 'viem'

/** The chain of the test file that imports this. */
export const { provider, viem, networkHelpers } = await network.create()

export const challengeWindow = 60

function createProgram(): Program {
  const weights = (seed: number) => Int8Array.from({ length: 8 }, (_, i) => ((seed + i) * 37) % 100)
  const row = (seed: number) => ({
    bias: 100,
    multiplier: 2 ** 30,
    shift: -6,
    weights: weights(seed),
  })
  const table = Uint8Array.from({ length: 256 }, (_, i) => 255 - i)
  const dense = { kind: 'dense', outputZero: 128, clampMin: 0, clampMax: 255 } as const
  return composeProgram({
    input: { rows: 2, rowBytes: 4 },
    layers: [
      { kind: 'lookup', source: 0, table },
      { ...dense, source: 1, rows: [row(1), row(2), row(3)] },
    ],
  })
}

/** The suite with an exact model, and addresses of its actors; `known` fills as the story goes. */
export async function deployWorld() {
  const suite = await deploySuite(viem, { supplyWindow: 40n, followUpWindow: 20n })
  const { admin, publisher, payer, operator, rival, refuter, outsider } = suite.actors
  const { market, tensorVerifier, audits, ledger } = suite
  const program = createProgram()
  const { model, version, descriptors, weightContracts } = await publishProgram(suite, program)
  const input = Uint8Array.from([1, 50, 100, 150, 200, 250, 128, 0])
  return {
    ...suite,
    program,
    model,
    version,
    descriptors,
    weightContracts,
    input,
    inputHash: hashInput(program, input),
    admin: admin.account.address,
    publisher: publisher.account.address,
    payer: payer.account.address,
    operator: operator.account.address,
    rival: rival.account.address,
    refuter: refuter.account.address,
    payers: [payer, refuter, operator, rival].map(({ account }) => account.address),
    operators: [operator, rival].map(({ account }) => account.address),
    outsider: outsider.account.address,
    /** Whom stake is allocated to and money deposited with: the suite, and somebody who emits nothing. */
    sources: [
      ...[market, audits, outsider.account].map(({ address }) => ({ source: address, version })),
      // The model zero stands for all models.
      { source: ledger.address, version: zeroHash },
    ],
    spenders: [market, tensorVerifier, audits, ledger, outsider.account].map(
      ({ address }) => address,
    ),
    /** Everything that is to be found in the index, and nothing else. */
    known: {
      jobs: new Set<Hash>(),
      demands: new Set<Hash>(),
      audits: new Set<Hash>(),
      /** Receipts that were disputed. */
      receipts: new Set<Hash>(),
    },
  }
}

export type World = Awaited<ReturnType<typeof deployWorld>>
