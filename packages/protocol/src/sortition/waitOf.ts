import { negLog2 } from './negLog2.ts'

/** round(ln 2 · 2^32) */
const ln2 = 2977044472n

export type WaitOfParameters = {
  /** The operator's draw: see `drawOf`. */
  draw: bigint
  /** The operator's active stake on the model minus what is reserved; not zero. */
  weight: bigint
  /** All active stake on the model. */
  totalWeight: bigint
  /** The job's `tau`, in seconds. */
  tau: number
}

/** Returns the seconds between a request and the opening of an operator's slot. */
export function waitOf({ draw, weight, totalWeight, tau }: WaitOfParameters): bigint {
  return ((BigInt(tau) * negLog2(draw) * ln2 * totalWeight) / weight) >> 48n
}
