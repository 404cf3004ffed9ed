/** Features of hourly candles as float32, and the return of the next hour. */
export function parseCandles(text: string): { rows: number[][]; targets: number[] } {
  const [head = '', ...lines] = text.trim().split('\n')
  const names = head.split(',')
  const columns = lines.map((line) => line.split(',').map(Number))
  const at = (i: number, name: string) => columns[i]![names.indexOf(name)]!
  const back = 24
  const hours = Array.from({ length: columns.length - back - 1 }, (_, i) => i + back)
  const change = (i: number, over: number) => at(i, 'close') / at(i - over, 'close') - 1
  const rows = hours.map((i) =>
    [
      ...[change(i, 1), change(i, 3), change(i, 6), change(i, back)],
      (at(i, 'high') - at(i, 'low')) / at(i, 'open'),
      at(i, 'volume') / at(i - back, 'volume'),
      at(i, 'taker_buy_volume') / at(i, 'volume'),
      at(i, 'count'),
    ].map(Math.fround),
  )
  return { rows, targets: hours.map((i) => change(i + 1, 1)) }
}
