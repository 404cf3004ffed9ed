import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { elementProofSize, execute, traceLength, weightBytes } from '@assay/tensor'
import { loadProgram, loadSamples } from '@assay/tensor/node'
import { expect, test } from 'vitest'

import { renderDigit } from '../lib/renderDigit.ts'
import { type DigitsCard, digits } from './card.ts'
import { drawSamples } from './drawSamples.ts'
import { argMax, programAccuracy } from './evaluate.ts'

const folder = join(import.meta.dirname, '../..', digits.folder)
const card: DigitsCard = JSON.parse(readFileSync(join(folder, 'model.json'), 'utf8'))

function loadDigits() {
  return loadProgram({ folder, root: card.programRoot })
}

test('behavior: labels freshly drawn digits as well as its card says', async () => {
  const { seeds, counts } = card.training
  const program = await loadDigits()
  const accuracy = programAccuracy(program, drawSamples(seeds.heldOut, counts.heldOut))
  expect(accuracy).toBe(card.accuracy.int8)
  expect(accuracy).toBeGreaterThanOrEqual(0.95)
})

test('behavior: digits of any other seed are labelled about as well', async () => {
  const accuracy = programAccuracy(await loadDigits(), drawSamples(99, 500))
  expect(Math.abs(accuracy - card.accuracy.int8)).toBeLessThan(0.03)
})

test('behavior: the card states what was made', async () => {
  const program = await loadDigits()
  const { seeds, counts, epochs, batch, rate } = digits
  expect(card.training).toEqual({ seeds, counts, epochs, batch, rate })
  expect(card.sizes).toEqual({
    multiplyAccumulates: 784 * digits.hidden + digits.hidden * 10,
    weightBytes: weightBytes(program).length,
    traceBytes: traceLength(program),
    elementProofBytes: elementProofSize(program).bytes,
  })
})

test('behavior: the committed samples are the first held-out ones', async () => {
  const { file, count } = card.samples
  const samples = await loadSamples({ file: join(folder, file), inputLength: 784 })
  expect(samples).toEqual(drawSamples(card.training.seeds.heldOut, count))
})

test('behavior: the training samples are not the held-out ones', () => {
  const { training, heldOut } = card.training.seeds
  const seen = new Set(drawSamples(training, 200).map(({ input }) => input.toString()))
  expect(seen.size).toBe(200)
  expect(drawSamples(heldOut, 200).filter(({ input }) => seen.has(input.toString()))).toEqual([])
})

test('behavior: quantisation leaves scores that tell the digits apart', async () => {
  const program = await loadDigits()
  const answers = drawSamples(7, 100).map(({ input }) => argMax(execute(program, input).at(-1)!))
  expect(new Set(answers)).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]))
})

test('behavior: a digit renders as two rows of pixels a line', () => {
  const image = new Uint8Array(16)
  image.set([255, 0, 255, 0], 0)
  image.set([255, 255, 0, 0], 4)
  expect(renderDigit(image)).toEqual(['█▄▀ ', '    '])
  expect(renderDigit(new Uint8Array(9).fill(255))).toEqual(['███', '▀▀▀'])
})
