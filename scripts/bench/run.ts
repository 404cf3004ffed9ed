/**
 * Runs a benchmark and prints what it measured.
 *
 *     npm run bench                        lists the benchmarks
 *     npm run bench -- indexer             runs one and prints tables
 *     npm run bench -- indexer --json      the same as JSON, alone on standard output
 *     npm run bench -- indexer --help      its options
 */
import { readdirSync } from 'node:fs'
import { parseArgs } from 'node:util'

import { type Benchmark, describeMachine, formatReport, serializeReport } from './lib/report.ts'

const names = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isFile() && /^(?!run\.).*(?<!\.test)\.ts$/.test(entry.name))
  .map((entry) => entry.name.replace(/\.ts$/, ''))
  .toSorted()

async function load(name: string): Promise<Benchmark> {
  const module: { benchmark?: Benchmark } = await import(`./${name}.ts`)
  if (module.benchmark?.name !== name) fail(`scripts/bench/${name}.ts exports no benchmark ${name}`)
  return module.benchmark
}

function fail(message: string): never {
  console.error(message)
  process.exit(1)
}

async function list(): Promise<string> {
  const benchmarks = await Promise.all(names.map(load))
  const lines = benchmarks.map(({ name, summary }) => `  ${name.padEnd(14)} ${summary}`)
  return ['Usage: npm run bench -- NAME [--json] [--help]', '', ...lines].join('\n')
}

function describe({ name, summary, options = {} }: Benchmark): string {
  const flags = Object.entries(options).map(
    ([flag, { about, default: value }]) => `  --${flag.padEnd(12)} ${about} (default ${value})`,
  )
  return [`npm run bench -- ${name} [--json]`, '', summary, ...flags].join('\n')
}

/** Parses what follows the name; unknown flags are errors. */
function parseFlags(benchmark: Benchmark, args: string[]) {
  const declared = Object.entries(benchmark.options ?? {}).map(
    ([flag, option]) => [flag, { type: 'string', default: option.default }] as const,
  )
  try {
    const { values } = parseArgs({
      args,
      options: {
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
        ...Object.fromEntries(declared),
      },
    })
    const { json, help, ...rest } = values
    return { json, help, values: rest as Record<string, string> }
  } catch (error) {
    fail(`${(error as Error).message}\n\n${describe(benchmark)}`)
  }
}

async function main(name: string | undefined, args: string[]) {
  if (name === undefined || name === '--help') return console.log(await list())
  if (!names.includes(name)) fail(`No benchmark is called ${name}.\n\n${await list()}`)

  const benchmark = await load(name)
  const { json, help, values } = parseFlags(benchmark, args)
  if (help) return console.log(describe(benchmark))

  const controller = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM']) process.once(name, () => controller.abort())
  const log = (message: string) => console.error(message)
  const { signal } = controller
  const report = await benchmark.run({ log, values, signal }).catch((error: unknown) => {
    if (signal.aborted) fail('The benchmark was stopped.')
    throw error
  })
  const format = json ? serializeReport : formatReport
  console.log(format(benchmark, report, describeMachine()))
}

const [name, ...args] = process.argv.slice(2)
await main(name, args)
