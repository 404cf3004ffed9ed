import { availableParallelism, cpus } from 'node:os'

/** One measured line: column → figure. Numbers are printed with separators, text as it is. */
export type Row = Record<string, bigint | boolean | number | string>

/** Lines of the same columns, printed as one table. */
export type Table = {
  title: string
  rows: Row[]
}

export type BenchReport = {
  /** What was measured, most important first. */
  tables: Table[]
  /** What a reader needs to judge the figures: what limits them, what they do not contain. */
  notes: string[]
}

export type BenchOptions = {
  /** Writes a line about progress; never part of the report. */
  log: (message: string) => void
  /** Values of the flags that `options` of the benchmark declares; what was not given is its default. */
  values: Record<string, string>
  signal: AbortSignal
}

/** A benchmark: a file in `scripts/bench` that exports `benchmark`, named like it. */
export type Benchmark = {
  /** Name on the command line; equals the name of the file. */
  name: string
  /** One sentence: what is measured. */
  summary: string
  /** Flags it takes, all with a value: name → meaning and default. */
  options?: Record<string, { about: string; default: string }>
  run: (options: BenchOptions) => Promise<BenchReport>
}

/** The machine a report was measured on. */
export type Machine = { node: string; platform: string; processor: string; cores: number }

/** Describes the machine that runs this. */
export function describeMachine(): Machine {
  return {
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
  }
}

function formatCell(value: Row[string] | undefined): string {
  if (typeof value === 'bigint') return value.toLocaleString('en')
  if (typeof value !== 'number') return String(value ?? '')
  const maximumFractionDigits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 3
  return value.toLocaleString('en', { maximumFractionDigits })
}

/** Formats rows as an aligned Markdown table; figures stand at the right. */
export function formatTable(table: Table): string {
  const columns = [...new Set(table.rows.flatMap((row) => Object.keys(row)))]
  const lines = table.rows.map((row) => columns.map((column) => formatCell(row[column])))
  const widths = columns.map((column, index) =>
    Math.max(3, column.length, ...lines.map((line) => line[index]!.length)),
  )
  const isFigure = columns.map((column) =>
    table.rows.every((row) => ['bigint', 'number', 'undefined'].includes(typeof row[column])),
  )
  const format = (cells: string[]) =>
    `| ${cells.map((cell, index) => (isFigure[index] ? cell.padStart(widths[index]!) : cell.padEnd(widths[index]!))).join(' | ')} |`
  const rule = widths.map((width, index) => '-'.repeat(width - 1) + (isFigure[index] ? ':' : '-'))
  return [table.title, '', format(columns), format(rule), ...lines.map(format)].join('\n')
}

/** Formats a whole report for people. */
export function formatReport(benchmark: Benchmark, report: BenchReport, machine: Machine): string {
  const { node, platform, processor, cores } = machine
  const head = `${benchmark.name}: ${benchmark.summary}\n${cores} × ${processor}, ${platform}, Node ${node}`
  const notes = report.notes.map((note) => `- ${note}`).join('\n')
  return [head, ...report.tables.map(formatTable), notes].filter((part) => part !== '').join('\n\n')
}

/** Formats a whole report for programs; big integers become decimal strings. */
export function serializeReport(
  benchmark: Benchmark,
  report: BenchReport,
  machine: Machine,
): string {
  const { name, summary } = benchmark
  return JSON.stringify(
    { name, summary, machine, ...report },
    (_, value) => (typeof value === 'bigint' ? value.toString() : value),
    2,
  )
}
