/**
 * Runs all tests, Solidity's and vitest's, and closes with one line for both: `N passed, N failed`.
 *
 *     npm test                                          everything
 *     npm test -- --solidity                            one runner; --vitest for the other
 *     npm test -- test/contracts/Escrow                 vitest files whose path contains the filter
 *     npm test -- test/solidity/Escrow.t.sol            Solidity test files
 *     npm test -- --grep 'refunds'                      tests whose name matches
 *
 * FUZZ_RUNS asks for more random programs and values than 256 a fuzz test stands for (2560: ten times as many).
 */
import { parseArgs } from 'node:util'

import type { HardhatRuntimeEnvironment } from 'hardhat/types/hre'
import type { TestModule } from 'vitest/node'

type Counts = { passed: number; failed: number }

type Selection = {
  /** Files, or parts of their paths, to run; all when empty. */
  files: string[]
  /** Pattern that the test names must match. */
  grep: string | undefined
}

/** The part of Hardhat's answer that is counted here; its own summary is filled in only for its own caller. */
type SolidityRun = { suiteResults: { testResults: { status: string }[] }[] }

async function runSolidity(hre: HardhatRuntimeEnvironment, selection: Selection): Promise<Counts> {
  const { files, grep } = selection
  const result: { success: true; value: SolidityRun } | { success: false; error: SolidityRun } =
    await hre.tasks.getTask(['test', 'solidity']).run({ testFiles: files, grep, noCompile: true })
  const run = result.success ? result.value : result.error
  const statuses = run.suiteResults.flatMap((suite) => suite.testResults).map((test) => test.status)
  const passed = statuses.filter((status) => status === 'Success').length
  const failed = statuses.filter((status) => status === 'Failure').length
  return { passed, failed: !result.success && failed === 0 ? 1 : failed }
}

/** Counts a module's tests; one that fails without a failing test, because it does not load, counts as one. */
function countModule(module: TestModule): Counts {
  const passed = [...module.children.allTests('passed')].length
  const failed = [...module.children.allTests('failed')].length
  return { passed, failed: failed === 0 && !module.ok() ? 1 : failed }
}

async function runVitest(selection: Selection): Promise<Counts> {
  const { startVitest } = await import('vitest/node')
  const { files, grep } = selection
  const vitest = await startVitest('test', files, {
    run: true,
    ...(grep === undefined ? {} : { testNamePattern: grep }),
  })
  const counts = vitest.state.getTestModules().map(countModule)
  const crashes = vitest.state.getUnhandledErrors().length
  await vitest.close()
  return sum([...counts, { passed: 0, failed: crashes }])
}

function sum(counts: Counts[]): Counts {
  return counts.reduce(
    (total, { passed, failed }) => ({
      passed: total.passed + passed,
      failed: total.failed + failed,
    }),
    { passed: 0, failed: 0 },
  )
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    grep: { type: 'string' },
    solidity: { type: 'boolean', default: false },
    vitest: { type: 'boolean', default: false },
  },
})
const solidityFiles = positionals.filter((file) => file.endsWith('.sol'))
const vitestFiles = positionals.filter((file) => !file.endsWith('.sol'))
const isEverything = !values.solidity && !values.vitest && positionals.length === 0

const counts: Counts[] = []
try {
  const { default: hre } = await import('hardhat')
  await hre.tasks.getTask('build').run()
  if (isEverything || values.solidity || solidityFiles.length > 0) {
    counts.push(await runSolidity(hre, { files: solidityFiles, grep: values.grep }))
  }
  if (isEverything || values.vitest || vitestFiles.length > 0) {
    counts.push(await runVitest({ files: vitestFiles, grep: values.grep }))
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  counts.push({ passed: 0, failed: 1 })
}

const { passed, failed } = sum(counts)
if (passed + failed === 0) console.error('No tests ran.')
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed === 0 && passed > 0 ? 0 : 1)
