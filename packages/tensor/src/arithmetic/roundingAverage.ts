/** Returns `sum / count` rounded to nearest, ties away from zero where they occur; 0 of nothing (TFLite's average pool). */
export function roundingAverage(sum: number, count: number): number {
  if (count === 0) return 0
  const half = Math.floor(count / 2)
  // Adding zero turns −0 into 0.
  return Math.trunc((sum > 0 ? sum + half : sum - half) / count) + 0
}
