import { composeProgram, type Program } from '@assay/tensor'

/** An exact model of two look-ups: the smallest thing that can be published, for what does not depend on the model. */
export function createSmallProgram(): Program {
  const table = Uint8Array.from({ length: 256 }, (_, i) => 255 - i)
  return composeProgram({
    input: { rows: 1, rowBytes: 8 },
    layers: [
      { kind: 'lookup', source: 0, table },
      { kind: 'lookup', source: 1, table },
    ],
  })
}
