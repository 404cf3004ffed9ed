import { buildElementProof, commitTrace, executeTrace } from '@assay/tensor'
import { bytesToHex } from 'viem'
import { expect, test } from 'vitest'

import { deployVerifier, networkHelpers, viem } from '../contracts/TensorVerifier/fixtures.ts'
import { heavyPrograms } from './heavyPrograms.ts'
import { claimTrace, isRefuted, publishProgram } from './tensorWorld.ts'

/** What the bound holds for the transaction, the claim's source and the settlement, and what they take at least in these tests. */
const around = 321_000n
const least = 100_000n

async function deploy() {
  return { ...(await deployVerifier()), harness: await viem.deployContract('KernelHarness') }
}

test.each(heavyPrograms())(
  'behavior: no element of $name costs more than is promised',
  async ({ program, input }) => {
    const world = await networkHelpers.loadFixture(deploy)
    const { verifier, source, harness, publicClient } = world
    const version = await publishProgram(world, program)
    const honest = executeTrace(program, input)
    const tensor = program.operators.length - 1
    const { rows, rowBytes } = program.operators[tensor]!
    const [row, column] = [rows - 1, rowBytes - 1]
    const tensors = honest.tensors.with(
      tensor,
      honest.tensors[tensor]!.with(
        row,
        honest.tensors[tensor]![row]!.map((byte) => byte ^ 1),
      ),
    )
    const trace = commitTrace(program, tensors)
    const { context, claimId } = await claimTrace(world, version, trace)
    const proof = buildElementProof({ program, trace, tensor, row, column })
    const hash = await verifier.write.prove([source.address, context, proof])
    expect(await isRefuted(world, claimId)).toBe(true)

    const { gasUsed } = await publicClient.getTransactionReceipt({ hash })
    const descriptors = program.descriptors.map((bytes) => bytesToHex(bytes))
    const worst = await harness.read.worstOf([descriptors, BigInt(tensor)])
    expect(gasUsed - least).toBeLessThanOrEqual(worst - around)
  },
)
