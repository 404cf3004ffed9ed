const blocks = [' ', '▀', '▄', '█']

/** Returns a square grey image as lines of text, two rows of pixels a line; 255 is ink. */
export function renderDigit(bytes: Uint8Array): string[] {
  const size = Math.round(Math.sqrt(bytes.length))
  const isInk = (row: number, column: number) => (bytes[row * size + column] ?? 0) >= 96
  return Array.from({ length: Math.ceil(size / 2) }, (_, line) =>
    Array.from({ length: size }, (_, column) => {
      const [upper, lower] = [isInk(2 * line, column), isInk(2 * line + 1, column)]
      return blocks[(upper && 2 * line < size ? 1 : 0) + (lower && 2 * line + 1 < size ? 2 : 0)]
    }).join(''),
  )
}
