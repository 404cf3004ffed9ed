import type { Random } from '@assay/tensor/examples'

import { glyphs, type Point, type Stroke } from './strokes.ts'

/** Pixels in a row, and rows. */
export const digitSize = 28

/** Pixels that a digit is drawn over before it is scaled. */
const boxSize = 20

/** Draws a digit as somebody might write it: one byte per pixel, row by row, 255 where the ink is. */
export function drawDigit(random: Random, digit: number): Uint8Array {
  const glyph = random.pick(glyphs[digit]!)
  const move = randomMove(random)
  const strokes = glyph.map((stroke) => stroke.map((point) => move(jitter(random, point))))
  const ink = drawStrokes(strokes, between(random, 0.7, 1.7))
  const blurred = blur(ink, between(random, 0, 0.5))

  const [contrast, noise] = [between(random, 0.75, 1), between(random, 0, 0.09)]
  return Uint8Array.from(blurred, (value) => {
    const noisy = value * contrast + noise * normal(random)
    return Math.round(Math.min(Math.max(noisy, 0), 1) * 255)
  })
}

/** A number of the standard normal distribution (Box–Muller). */
export function normal(random: Random): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random.uniform()))
  return radius * Math.cos(2 * Math.PI * random.uniform())
}

function between(random: Random, min: number, max: number) {
  return min + (max - min) * random.uniform()
}

function jitter(random: Random, [x, y]: Point): Point {
  return [x + 0.018 * normal(random), y + 0.018 * normal(random)]
}

/** From the unit square to pixels: bent by a slow wave, then rotated, sheared, scaled and moved. */
function randomMove(random: Random): (point: Point) => Point {
  const [phaseX, phaseY] = [between(random, 0, 2 * Math.PI), between(random, 0, 2 * Math.PI)]
  const bend = between(random, 0, 0.055)
  const angle = 0.16 * normal(random)
  const shear = 0.2 * normal(random)
  const [width, height] = [between(random, 0.72, 1.12), between(random, 0.78, 1.12)]
  const [left, top] = [1.1 * normal(random), 1.1 * normal(random)]
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]

  return ([x, y]) => {
    const u = (x - 0.5 + bend * Math.sin(5 * y + phaseX)) * width
    const v = (y - 0.5 + bend * Math.sin(5 * x + phaseY)) * height
    const slanted = u - shear * v
    return [
      digitSize / 2 + boxSize * (cos * slanted - sin * v) + left,
      digitSize / 2 + boxSize * (sin * slanted + cos * v) + top,
    ]
  }
}

function drawStrokes(strokes: readonly Stroke[], radius: number): Float64Array {
  const ink = new Float64Array(digitSize * digitSize)
  for (const stroke of strokes) {
    for (let i = 1; i < stroke.length; i += 1) drawLine(ink, stroke[i - 1]!, stroke[i]!, radius)
  }
  return ink
}

/** Inks the pixels within `radius` of a line, with an edge one pixel soft. */
function drawLine(ink: Float64Array, [ax, ay]: Point, [bx, by]: Point, radius: number) {
  const reach = radius + 1
  const [dx, dy] = [bx - ax, by - ay]
  const lengthSquared = dx * dx + dy * dy || 1
  const [fromX, toX] = pixelRange(Math.min(ax, bx) - reach, Math.max(ax, bx) + reach)
  const [fromY, toY] = pixelRange(Math.min(ay, by) - reach, Math.max(ay, by) + reach)
  for (let row = fromY; row <= toY; row += 1) {
    for (let column = fromX; column <= toX; column += 1) {
      const [x, y] = [column + 0.5 - ax, row + 0.5 - ay]
      const along = Math.min(Math.max((x * dx + y * dy) / lengthSquared, 0), 1)
      const distance = Math.sqrt((x - along * dx) ** 2 + (y - along * dy) ** 2)
      const value = Math.min(Math.max(radius + 0.5 - distance, 0), 1)
      const at = row * digitSize + column
      if (value > ink[at]!) ink[at] = value
    }
  }
}

function pixelRange(from: number, to: number) {
  return [Math.max(Math.floor(from), 0), Math.min(Math.ceil(to), digitSize - 1)] as const
}

/** Mixes each pixel with the mean of the nine around it. */
function blur(ink: Float64Array, amount: number): Float64Array {
  const at = (row: number, column: number) =>
    row < 0 || column < 0 || row >= digitSize || column >= digitSize
      ? 0
      : ink[row * digitSize + column]!
  return ink.map((value, i) => {
    const [row, column] = [Math.floor(i / digitSize), i % digitSize]
    let sum = 0
    for (let y = -1; y <= 1; y += 1) for (let x = -1; x <= 1; x += 1) sum += at(row + y, column + x)
    return value * (1 - amount) + (sum / 9) * amount
  })
}
