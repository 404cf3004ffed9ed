/**
 * Measures what every external function costs and keeps it in snapshots/gas.json.
 *
 *     npm run gas                                measures, prints and writes the snapshot
 *     npm run gas -- --check                     fails if a figure grew by more than 2 %, or is missing
 *     npm run gas -- --json                      prints JSON instead of tables
 *     npm run gas -- --profile JobMarket.answer  adds where the gas of an operation went; may be repeated
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'

import { formatTable, type Table } from './bench/lib/report.ts'
import type { Collected } from './gas/collect.ts'
import { reportComparison, reportGas } from './gas/report.ts'
import {
  compareSnapshots,
  functionsWithout,
  type Snapshot,
  TOLERANCE_PERCENT,
} from './gas/snapshot.ts'

const file = join(import.meta.dirname, '../snapshots/gas.json')

const usage = `Usage: npm run gas [-- options]

Measures every external function on a chain of its own and writes snapshots/gas.json.

  --check               writes nothing; fails if a figure grew by more than ${TOLERANCE_PERCENT} %, a figure vanished,
                        or an external function has none
  --json                prints JSON instead of tables
  --profile OPERATION   adds where the gas of an operation went; may be repeated
  --help                prints this`

async function measure(profiled: string[]): Promise<Collected> {
  const { default: hre } = await import('hardhat')
  await hre.tasks.getTask('build').run({ quiet: true })
  const { collectGas } = await import('./gas/collect.ts')
  return collectGas(profiled)
}

function toSnapshot({ figures }: Collected): Snapshot {
  return Object.fromEntries(figures.map(({ operation, gas }) => [operation, gas]))
}

function write(snapshot: Snapshot) {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `${JSON.stringify(snapshot, null, 2)}\n`)
}

function print(tables: Table[]) {
  for (const table of tables) console.log(`${formatTable(table)}\n`)
}

/** Returns whether the figures may be merged. */
function check(collected: Collected, json: boolean): boolean {
  const committed: Snapshot = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}
  const comparison = compareSnapshots(committed, toSnapshot(collected))
  const unmeasured = functionsWithout(collected.functions, committed)
  if (json) console.log(JSON.stringify({ ...comparison, unmeasured }, null, 2))
  else print(reportComparison(comparison, unmeasured))

  const offenders = comparison.grown.length + comparison.vanished.length + unmeasured.length
  console.error(
    offenders === 0
      ? `Gas: ${Object.keys(committed).length} figures within ${TOLERANCE_PERCENT} % of the snapshot.`
      : `Gas: ${offenders} offenders. If a growth is meant, run "npm run gas" and commit the snapshot.`,
  )
  return offenders === 0
}

const { values } = parseArgs({
  options: {
    check: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
    profile: { type: 'string', multiple: true, default: [] },
  },
})
if (values.help) {
  console.log(usage)
  process.exit(0)
}
const collected = await measure(values.profile)
if (values.check) process.exit(check(collected, values.json) ? 0 : 1)

const snapshot = toSnapshot(collected)
write(snapshot)
const report = reportGas(collected)
if (values.json) {
  console.log(JSON.stringify(report, null, 2))
} else {
  print(report.tables)
  console.log(report.notes.map((note) => `- ${note}`).join('\n'))
}
for (const name of functionsWithout(collected.functions, snapshot)) {
  console.error(`No figure stands for ${name}.`)
}
process.exit(0)
