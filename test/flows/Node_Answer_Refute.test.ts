import { createExactBackend, type OperatorClient } from '@assay/node'
import { createLiarBackend } from '@assay/node/testing'
import { deployWeights, getEscrowBalance, getJob, getJobStatus } from '@assay/sdk'
import { commitTrace, encodeTrace, executeTrace, outputOf, weightBytes } from '@assay/tensor'
import { erc20Abi } from 'viem'
import { expect, test } from 'vitest'

import { clientFor, startOperator, until } from '../faults/support/operator.ts'
import { setUp } from '../faults/support/setUp.ts'
import { accountAt, dollars } from '../faults/support/suite.ts'
import { startWatcher, withheld } from '../faults/support/watcher.ts'

const liarAccount = accountAt(2)
const watcherAccount = accountAt(4)

type Story = {
  /** How the watcher asks operators; the liar itself by default. */
  operators?: OperatorClient
  /** Whether the liar answers demands. */
  supplies?: boolean
  /** Whether the weights are on-chain. */
  hasWeights?: boolean
  /** How the liar lies; about one hidden element by default. */
  lie?: typeof createLiarBackend
}

/** Lets a liar answer and a watcher look; ends when the answer is refuted and the watcher has its reward. */
async function tell(story: Story) {
  const { operators, supplies = true, hasWeights = false, lie = createLiarBackend } = story
  const { suite, transport, tick } = await setUp()
  const { deployment, model, program } = suite
  await suite.enlist(liarAccount)
  await suite.fundWatcher(watcherAccount)
  const client = suite.clientOf(watcherAccount)
  const deployed = hasWeights
    ? { weights: await deployWeights(client, { deployment, weights: weightBytes(program) }) }
    : {}
  await tick(100)
  const backend = lie({ modelVersion: model, program })
  const liar = startOperator({ suite, account: liarAccount, transport, backend, supplies })
  const watcher = startWatcher({
    ...{ suite, account: watcherAccount, transport, ...deployed },
    operators: operators ?? clientFor(liar.app),
  })
  const { id } = await suite.request()
  const isRewarded = () =>
    watcher.events.some((event) => event.type === 'final' && event.intent.kind === 'withdraw')
  await until('the reward', isRewarded, 30_000)
  await Promise.all([liar.stop(), watcher.stop()])

  const planned = watcher.events.flatMap((event) =>
    event.type === 'planned' ? [event.intent.key.split(':').slice(1).join(':')] : [],
  )
  const { transitions } = await getJob(client, { deployment, id })
  const bonds = { payer: watcherAccount.address, spender: deployment.tensorVerifier }
  return {
    suite,
    id,
    planned,
    events: watcher.events,
    status: await getJobStatus(client, { deployment, id }),
    refutation: transitions.find(({ name }) => name === 'JobRefuted')!.args,
    bondsLeft: await getEscrowBalance(client, { deployment, ...bonds }),
    earned: await client.readContract({
      ...{ address: deployment.token, abi: erc20Abi, functionName: 'balanceOf' },
      args: [watcherAccount.address],
    }),
  }
}

test('default: a wrong answer is refuted by one element of the trace that the operator shows', async () => {
  const { planned, status, refutation, earned } = await tell({})
  expect(status).toBe('Refuted')
  expect(planned).toEqual(['prove', expect.stringMatching(/^withdraw/)])
  expect(refutation).toMatchObject({ refuter: watcherAccount.address, slashed: dollars(8) })
  expect(earned).toBe((dollars(8) * 3n) / 10n)
})

test('behavior: where no trace is shown, a small model is run whole on-chain', async () => {
  const { planned, status, refutation } = await tell({ operators: withheld, hasWeights: true })
  expect(status).toBe('Refuted')
  expect(planned).toEqual(['execute', expect.stringMatching(/^withdraw/)])
  expect(refutation).toMatchObject({ refuter: watcherAccount.address })
})

/** A backend that makes up the output, and commits to it or to the model's own trace. */
function makeUp(commitsToOutput: boolean): typeof createLiarBackend {
  return ({ modelVersion, program }) => ({
    ...createExactBackend({ modelVersion, program }),
    async run(input) {
      const honest = executeTrace(program, input)
      const output = outputOf(honest).map((byte) => byte ^ 1)
      const { rows, rowBytes } = program.operators.at(-1)!
      const last = Array.from({ length: rows }, (_, row) =>
        output.subarray(row * rowBytes, (row + 1) * rowBytes),
      )
      const tensors = [...honest.tensors.slice(0, -1), last]
      const trace = commitsToOutput ? commitTrace(program, tensors) : honest
      return { output, evidenceHash: trace.evidenceHash, trace: encodeTrace(trace) }
    },
  })
}

test.each([true, false])(
  'behavior: an output that is made up needs nobody to show a trace (%s)',
  async (commits) => {
    const { planned, status } = await tell({ operators: withheld, lie: makeUp(commits) })
    expect(status).toBe('Refuted')
    expect(planned).toEqual(['prove', expect.stringMatching(/^withdraw/)])
  },
)

test('behavior: an operator that answers demands gives away, level by level, what refutes it', async () => {
  const { planned, status, bondsLeft } = await tell({ operators: withheld })
  expect(status).toBe('Refuted')
  expect(planned).toEqual([
    'demand:0:0:4294967295',
    expect.stringMatching(/^demand:1:\d+:4294967295$/),
    expect.stringMatching(/^demand:1:\d+:\d+$/),
    'pursue',
    expect.stringMatching(/^withdraw/),
  ])
  expect(bondsLeft).toBe(dollars(100) - 3n * dollars(2))
})

test('behavior: an operator that keeps silent loses when its clock runs out', async () => {
  const { planned, status, refutation, bondsLeft } = await tell({
    operators: withheld,
    supplies: false,
  })
  expect(status).toBe('Refuted')
  expect(planned).toEqual(['demand:0:0:4294967295', 'timeout', expect.stringMatching(/^withdraw/)])
  expect(refutation).toMatchObject({ refuter: watcherAccount.address })
  expect(bondsLeft).toBe(dollars(100))
})

test('behavior: a trace that the claim does not commit to proves nothing and is not believed', async () => {
  const forge = async ({ length }: { length: number }) => ({ bytes: new Uint8Array(length) })
  const forged = { trace: forge, input: forge }
  const { status, events } = await tell({ operators: forged, hasWeights: true })
  expect(status).toBe('Refuted')
  expect(events.find(({ type }) => type === 'untraced')).toMatchObject({
    reason: 'it is not the trace that the claim commits to',
  })
})

test('behavior: a right answer is left alone', async () => {
  const { suite, transport, tick } = await setUp()
  await suite.enlist(liarAccount)
  await tick(100)
  const operator = startOperator({ suite, account: liarAccount, transport })
  const watcher = startWatcher({ suite, account: watcherAccount, transport, operators: withheld })
  await suite.request()
  await until('a verdict', () => watcher.events.some(({ type }) => type === 'right'))
  await Promise.all([operator.stop(), watcher.stop()])
  expect(watcher.events.filter((event) => 'intent' in event)).toEqual([])
})

test('behavior: no demand bonds more than the budget', async () => {
  const { suite, transport, tick } = await setUp()
  const { deployment, model, program } = suite
  await suite.enlist(liarAccount)
  await suite.fundWatcher(watcherAccount)
  await tick(100)
  const backend = createLiarBackend({ modelVersion: model, program })
  const liar = startOperator({ suite, account: liarAccount, transport, backend, supplies: false })
  const watcher = startWatcher({
    ...{ suite, account: watcherAccount, transport, operators: withheld },
  })
  for (let i = 0; i < 7; i++) await suite.request()
  await until('a demand too many', () => watcher.events.some(({ type }) => type === 'overBudget'))
  const client = suite.clientOf(watcherAccount)
  const spender = deployment.tensorVerifier
  const bonds = { deployment, payer: watcherAccount.address, spender }
  expect(await getEscrowBalance(client, bonds)).toBeGreaterThanOrEqual(dollars(90))
  await Promise.all([liar.stop(), watcher.stop()])
})
