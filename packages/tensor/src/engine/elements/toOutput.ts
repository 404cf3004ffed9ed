/** How a requantised value becomes a byte. */
export type Output = {
  outputZero: number
  clampMin: number
  clampMax: number
}

/** Returns the output byte of a requantised value. */
export function toOutput({ outputZero, clampMin, clampMax }: Output, value: number): number {
  return Math.min(Math.max(value + outputZero, clampMin), clampMax)
}
