/** Labels of one series. */
export type Labels = Readonly<Record<string, string>>

export type Counter = { add: (labels?: Labels, amount?: number) => void }
export type Gauge = { set: (value: number, labels?: Labels) => void }
export type Histogram = {
  observe: (value: number, labels?: Labels) => void
  /** Returns the value below which `share` of the newest observations lie; nothing before the first. */
  quantile: (share: number) => number | undefined
}

/** Numbers about a daemon, in the text format of Prometheus. */
export type Metrics = {
  counter: (name: string, help: string) => Counter
  gauge: (name: string, help: string) => Gauge
  /** `bounds` are the upper bounds of its buckets, ascending. */
  histogram: (name: string, help: string, bounds: readonly number[]) => Histogram
  /** Returns everything as text. */
  render: () => string
}

type Series = () => string[]

/** Observations that quantiles are taken of. */
const sampleSize = 10_000

/** Creates an empty set of metrics. */
export function createMetrics(): Metrics {
  const series: Series[] = []
  const register = (name: string, help: string, type: string, lines: Series) =>
    series.push(() => [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines()])

  function values(name: string, help: string, type: string) {
    const byLabels = new Map<string, number>()
    register(name, help, type, () =>
      [...byLabels].map(([labels, value]) => `${name}${labels} ${value}`),
    )
    return byLabels
  }

  return {
    counter(name, help) {
      const byLabels = values(name, help, 'counter')
      return {
        add(labels = {}, amount = 1) {
          const key = textOf(labels)
          byLabels.set(key, (byLabels.get(key) ?? 0) + amount)
        },
      }
    },
    gauge(name, help) {
      const byLabels = values(name, help, 'gauge')
      return { set: (value, labels = {}) => byLabels.set(textOf(labels), value) }
    },
    histogram(name, help, bounds) {
      const { histogram, lines } = createHistogram(name, bounds)
      register(name, help, 'histogram', lines)
      return histogram
    },
    render: () => `${series.flatMap((lines) => lines()).join('\n')}\n`,
  }
}

type Buckets = { labels: Labels; counts: number[]; sum: number; count: number }

function createHistogram(name: string, bounds: readonly number[]) {
  const byLabels = new Map<string, Buckets>()
  const sample: number[] = []

  function bucketsOf(labels: Labels) {
    const key = textOf(labels)
    const found = byLabels.get(key) ?? { labels, counts: bounds.map(() => 0), sum: 0, count: 0 }
    byLabels.set(key, found)
    return found
  }

  const histogram: Histogram = {
    observe(value, labels = {}) {
      const buckets = bucketsOf(labels)
      for (const [index, bound] of bounds.entries()) {
        if (value <= bound) buckets.counts[index] = buckets.counts[index]! + 1
      }
      buckets.sum += value
      buckets.count++
      sample.push(value)
      if (sample.length > sampleSize) sample.shift()
    },
    quantile: (share) =>
      [...sample].sort((a, b) => a - b)[
        Math.min(sample.length - 1, Math.floor(share * sample.length))
      ],
  }
  const lines = () => [...byLabels.values()].flatMap((buckets) => linesOf(name, bounds, buckets))
  return { histogram, lines }
}

function linesOf(name: string, bounds: readonly number[], buckets: Buckets) {
  const { labels, counts, sum, count } = buckets
  return [
    ...bounds.map(
      (bound, index) =>
        `${name}_bucket${textOf({ ...labels, le: String(bound) })} ${counts[index]}`,
    ),
    `${name}_bucket${textOf({ ...labels, le: '+Inf' })} ${count}`,
    `${name}_sum${textOf(labels)} ${sum}`,
    `${name}_count${textOf(labels)} ${count}`,
  ]
}

function textOf(labels: Labels) {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}=${quoted(value)}`)
  return pairs.length === 0 ? '' : `{${pairs.join()}}`
}

function quoted(value: string) {
  return `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`
}
