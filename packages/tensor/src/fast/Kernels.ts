/** Memory of an instance of the kernels; `buffer` changes when it grows. */
export type KernelMemory = {
  readonly buffer: ArrayBuffer
  grow: (pages: number) => number
}

/** Functions of the WASM module; pointers, lengths and steps are in bytes. `packages/tensor/assembly` says what each does. */
export type Kernels = {
  memory: KernelMemory
  heapBase: () => number
  widenImage: (
    source: number,
    sourceLines: number,
    sourceLength: number,
    out: number,
    lines: number,
    length: number,
    top: number,
    left: number,
    zero: number,
  ) => void
  convolve: (
    image: number,
    lines: number,
    columns: number,
    lineStep: number,
    columnStep: number,
    taps: number,
    runs: number,
    pairs: number,
    weights: number,
    scales: number,
    out: number,
    outStep: number,
    outputs: number,
    output: number,
  ) => void
  convolveDepthwise: (
    image: number,
    lines: number,
    columns: number,
    lineStep: number,
    columnStep: number,
    taps: number,
    pairs: number,
    weights: number,
    scales: number,
    out: number,
    channels: number,
    output: number,
  ) => void
  add: (a: number, b: number, length: number, out: number, parameters: number) => void
  multiply: (a: number, b: number, length: number, out: number, parameters: number) => void
  repeat: (
    source: number,
    sourceRows: number,
    sourceRowBytes: number,
    rows: number,
    rowBytes: number,
    out: number,
  ) => void
  lookUp: (source: number, length: number, table: number, out: number) => void
  poolPlace: (
    isAverage: number,
    source: number,
    lines: number,
    places: number,
    lineBytes: number,
    channels: number,
    out: number,
    clampMin: number,
    clampMax: number,
  ) => void
  hash: (bytes: number, length: number, out: number) => void
  hashRows: (rows: number, count: number, length: number, out: number) => void
  buildLevels: (leaves: number, count: number) => number
  hashRoot: (tag: number, count: number, top: number, out: number) => void
}
