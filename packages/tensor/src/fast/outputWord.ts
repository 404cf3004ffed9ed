import type { Output } from '../engine/elements/toOutput.ts'

/** Packs how a value becomes a byte into the word that the convolutions take. */
export function outputWord({ outputZero, clampMin, clampMax }: Output): number {
  return outputZero | (clampMin << 8) | (clampMax << 16)
}
