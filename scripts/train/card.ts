import type { Hash } from 'viem'

/** How the demo model is made. */
export const digits = {
  folder: 'models/digits',
  seeds: { training: 1, heldOut: 2 },
  counts: { training: 20_000, calibration: 1_000, heldOut: 2_000, committed: 64 },
  hidden: 24,
  epochs: 12,
  batch: 32,
  rate: 0.003,
}

/** What `models/digits/model.json` says of the model. */
export type DigitsCard = {
  name: string
  description: string
  /** Where samples come from. */
  data: string
  programRoot: Hash
  input: { rows: number; rowBytes: number; meaning: string }
  /** What the output bytes stand for: `scale · (byte − zero)`. */
  output: { scale: number; zero: number; meaning: string }
  /** Parts of held-out samples that are labelled right, before and after quantisation. */
  accuracy: { samples: number; float: number; int8: number }
  samples: { file: string; count: number; layout: string }
  training: Pick<typeof digits, 'seeds' | 'counts' | 'epochs' | 'batch' | 'rate'>
  sizes: {
    multiplyAccumulates: number
    weightBytes: number
    traceBytes: number
    elementProofBytes: number
  }
}
