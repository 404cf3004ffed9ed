import { styleText } from 'node:util'

type Style = Parameters<typeof styleText>[0]

export type Display = {
  /** Starts a numbered chapter. */
  chapter(title: string): void
  /** One event of the story, with the seconds since it began. */
  event(text: string, style?: Style): void
  /** Pictures side by side, a caption under each. */
  pictures(pictures: readonly (readonly string[])[], captions: readonly string[]): void
  table(columns: readonly string[], rows: readonly (readonly string[])[]): void
  /** Text as it is. */
  text(text: string): void
}

export type DisplayParameters = {
  write: (text: string) => void
  now: () => number
}

const visible = (text: string) => [...text].length

function padded(cells: readonly string[], widths: readonly number[]): string {
  return cells.map((cell, i) => cell + ' '.repeat((widths[i] ?? 0) - visible(cell))).join('  ')
}

/** Writes the story for a person to follow: no cursor movement, so that it also reads well in a log. */
export function createDisplay({ write, now }: DisplayParameters): Display {
  const began = now()
  let chapters = 0
  const line = (text = '') => write(`${text}\n`)
  return {
    chapter(title) {
      chapters += 1
      line(`\n${styleText('bold', `${chapters}. ${title}`)}`)
    },
    event(text, style) {
      const seconds = ((now() - began) / 1_000).toFixed(1).padStart(6)
      line(
        `${styleText('dim', `${seconds} s`)}  ${style === undefined ? text : styleText(style, text)}`,
      )
    },
    pictures(pictures, captions) {
      const width = Math.max(...pictures.flatMap((picture) => picture.map(visible)))
      const height = Math.max(...pictures.map((picture) => picture.length))
      for (let row = 0; row < height; row += 1)
        line(`  ${pictures.map((picture) => (picture[row] ?? '').padEnd(width)).join('  ')}`)
      line(`  ${captions.map((caption) => caption.padEnd(width)).join('  ')}`)
    },
    table(columns, rows) {
      const widths = columns.map((column, i) =>
        Math.max(visible(column), ...rows.map((row) => visible(row[i] ?? ''))),
      )
      line(`  ${styleText('bold', padded(columns, widths))}`)
      for (const row of rows) line(`  ${padded(row, widths)}`)
    },
    text: line,
  }
}
