import { expect, test } from 'vitest'

import { parseMetrics } from './metrics.ts'
import { type Benchmark, formatTable, serializeReport } from './report.ts'

const benchmark: Benchmark = { name: 'x', summary: 'measures', run: async () => report }
const report = { tables: [{ title: 'T', rows: [{ a: 1, b: 2n ** 70n }] }], notes: [] }

test('default', () => {
  const rows = [
    { what: 'first', count: 12_345, part: 0.12345 },
    { what: 'second', count: 7n },
  ]
  expect(formatTable({ title: 'Title', rows })).toBe(
    [
      'Title',
      '',
      '| what   |  count |  part |',
      '| ------ | -----: | ----: |',
      '| first  | 12,345 | 0.123 |',
      '| second |      7 |       |',
    ].join('\n'),
  )
})

test('behavior: JSON holds big integers as decimal strings', () => {
  const machine = { node: 'v24', platform: 'linux x64', processor: 'p', cores: 2 }
  const parsed = JSON.parse(serializeReport(benchmark, report, machine))
  expect(parsed.tables[0].rows[0]).toEqual({ a: 1, b: (2n ** 70n).toString() })
  expect(parsed.machine).toEqual(machine)
})

test('behavior: parses metrics with and without labels', () => {
  const text = '# HELP x\nx_total 3\nx_seconds{step="load",part="a"} 1.5e3\n'
  expect(parseMetrics(text)).toEqual([
    { name: 'x_total', labels: {}, value: 3 },
    { name: 'x_seconds', labels: { step: 'load', part: 'a' }, value: 1_500 },
  ])
})
