/** A sample of the Prometheus text format. */
export type Metric = { name: string; labels: Record<string, string>; value: number }

/**
 * Parses the Prometheus text format, as far as label values hold no quotes.
 *
 * @example
 * parseMetrics('seconds{step="load"} 1.5')
 * // [{ name: 'seconds', labels: { step: 'load' }, value: 1.5 }]
 */
export function parseMetrics(text: string): Metric[] {
  return [...text.matchAll(/^(\w+)(?:\{([^}]*)\})? (\S+)$/gm)].map(([, name, labels, value]) => ({
    name: name!,
    labels: Object.fromEntries(
      [...(labels ?? '').matchAll(/(\w+)="([^"]*)"/g)].map(([, key, entry]) => [key!, entry!]),
    ),
    value: Number(value),
  }))
}
