import { isRevert } from '@assay/sdk'
import { type EthersSigner, fromEthers } from '@assay/sdk/ethers'
import { outputOf } from '@assay/tensor'
import { randomRun } from '@assay/tensor/examples'
import { answerJob, deploySuite, dollars, publishProgram, stakeOn } from '@assay/testing'
import { ethers } from 'ethers'
import { network } from 'hardhat'
import { bytesToHex, getAddress } from 'viem'
import { describe, expect, test } from 'vitest'

const connection = await network.create()
const { viem, networkHelpers } = connection
const { program, input, trace } = randomRun(7)

const provider = new ethers.BrowserProvider(connection.provider, undefined, { cacheTimeout: -1 })
provider.pollingInterval = 20

async function fixture() {
  const suite = await deploySuite(viem)
  const { version } = await publishProgram(suite, program)
  const operators = ['operator', 'rival'] as const
  await stakeOn(suite, networkHelpers, { model: version, operators, amount: dollars(100) })
  return { suite, version }
}

/** One that the node signs for, and one that signs by itself. */
const signers = {
  JsonRpcSigner: () => provider.getSigner(12),
  Wallet: async () => ethers.Wallet.createRandom(provider),
}

describe.each(Object.entries(signers))('%s', (_, createSigner) => {
  async function start() {
    const { suite, version } = await networkHelpers.loadFixture(fixture)
    const { deployment, token } = suite
    const signer: EthersSigner = await createSigner()
    const assay = await fromEthers({ deployment, signer, provider, pollingInterval: 20 })
    await networkHelpers.setBalance(assay.address, 10n ** 18n)
    await token.write.mint([assay.address, dollars(10)])
    return { suite, version, signer, assay }
  }

  const terms = {
    inputHash: trace.inputHash,
    input: bytesToHex(input),
    feeMin: dollars(1),
    feeMax: dollars(2),
  }

  test('default: drives a whole job', async () => {
    const { suite, version, signer, assay } = await start()
    expect(assay.address).toBe(getAddress(await signer.getAddress()))
    await assay.deposit({ amount: dollars(5) })
    const { id, job } = await assay.requestJob({ model: version, ...terms })
    expect(job.payer).toBe(assay.address)
    await answerJob(suite, networkHelpers, { job, operator: 'operator', trace })

    const { answer } = await assay.waitForAnswer({ id, timeoutMs: 5_000 })
    expect(answer.output).toBe(bytesToHex(outputOf(trace)))
    await networkHelpers.time.increase(suite.terms.minChallengeWindow)
    await assay.waitForFinality({ id, timeoutMs: 5_000 })
    expect((await assay.claimMany({ ids: [id] })).settled).toEqual([id])

    const rest = await assay.getEscrowBalance()
    expect(rest).toBe(dollars(5) - answer.fee - answer.protocolFee)
    await assay.withdraw({ amount: rest })
    expect(await suite.token.read.balanceOf([assay.address])).toBe(dollars(5) + rest)
  })

  test('behavior: signs a job for a relayer, and a permit', async () => {
    const { suite, version, assay } = await start()
    await assay.depositWithPermit({ amount: dollars(5) })
    const job = await assay.prepareJob({ model: version, ...terms })
    const signature = await assay.signJob({ job })
    const relayer = await fromEthers({
      deployment: suite.deployment,
      signer: await provider.getSigner(6),
      provider,
      pollingInterval: 20,
    })
    const { id } = await relayer.requestJobFor({ job, input: terms.input, signature })
    expect(await assay.getJobStatus({ id })).toBe('Open')
  })

  test('error: a revert keeps its name and values', async () => {
    const { assay } = await start()
    const error = await assay.withdraw({ amount: 7n }).catch((reason) => reason)
    expect(error.args).toMatchObject({ balance: 0n, needed: 7n })
    expect(isRevert(error, 'InsufficientBalance')).toBe(true)
  })
})
