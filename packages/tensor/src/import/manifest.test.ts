import { zeroHash } from 'viem'
import { expect, test } from 'vitest'

import { ManifestError } from './errors.ts'
import { formatManifest, type ModelManifest, parseManifest } from './manifest.ts'

const tensor = { name: 'x', shape: [1, 4], type: 'INT8', scale: 0.5, zeroPoint: -3 } as const
const manifest: ModelManifest = {
  importer: 'tflite-1',
  source: { file: 'x.tflite', sha256: '00' },
  root: zeroHash,
  fidelity: { kind: 'exact' },
  input: tensor,
  output: { ...tensor, type: 'FLOAT32' },
  operators: [{ index: 0, operator: 'RELU', shape: [1, 4], type: 'INT8', tensor: 1 }],
}

test('default', () => {
  expect(parseManifest(formatManifest(manifest))).toEqual(manifest)
})

test('behavior: keeps how close a program is to its model', () => {
  const difference = { index: 1, operator: 'Conv', found: '1 of 8 channels' }
  for (const fidelity of [
    { kind: 'calibrated', samples: 7 } as const,
    { kind: 'fixed', unit: 2 ** -20, error: 0 } as const,
    { kind: 'rounded', differences: [difference] } as const,
  ]) {
    expect(parseManifest(formatManifest({ ...manifest, fidelity })).fidelity).toEqual(fidelity)
  }
  const older = formatManifest(manifest).replace(/"fidelity": \{[^}]*\},/, '')
  expect(older).not.toContain('fidelity')
  expect(parseManifest(older)).toEqual(manifest)
})

const trees: ModelManifest = {
  ...manifest,
  input: { ...tensor, type: 'FLOAT32', ranks: { bytes: 1, thresholds: [[-0.5, 1], []] } },
  output: { ...tensor, type: 'FLOAT32', sums: { transform: 'LOGISTIC' } },
  operators: [{ index: 0, operator: 'Trees', shape: [1, 2], type: 'INT32', tensor: 2 }],
}

test('behavior: keeps how features are ranked and sums become scores', () => {
  expect(parseManifest(formatManifest(trees))).toEqual(trees)
})

test('behavior: keeps how floats are rounded', () => {
  const even = { ...manifest, input: { ...tensor, ties: 'even' } as const }
  expect(parseManifest(formatManifest(even))).toEqual(even)
})

test.each([
  ['fidelity.kind', formatManifest(manifest).replace('"exact"', '"close"')],
  [
    'input.ties',
    formatManifest({ ...manifest, input: { ...tensor, ties: 'even' } }).replace('even', 'odd'),
  ],
  ['input.ranks.bytes', formatManifest(trees).replace('"bytes": 1', '"bytes": 3')],
  ['input.ranks.thresholds', formatManifest(trees).replace('"thresholds"', '"limits"')],
  ['input.ranks.thresholds[0]', formatManifest(trees).replace('-0.5', '1')],
  ['output.sums.transform', formatManifest(trees).replace('LOGISTIC', 'PROBIT')],
  ['content', 'nothing'],
  ['content', 'null'],
  ['format', JSON.stringify({ ...manifest, format: 'other' })],
  ['root', formatManifest({ ...manifest, root: '0x12' })],
  ['source.sha256', formatManifest(manifest).replace('sha256', 'sha1')],
  ['input.shape', formatManifest({ ...manifest, input: { ...tensor, shape: [1.5] } })],
  ['input.type', formatManifest(manifest).replace('"INT8"', '"INT4"')],
  ['input.scale', formatManifest({ ...manifest, input: { ...tensor, scale: -1 } })],
  ['output.zeroPoint', formatManifest({ ...manifest, output: { ...tensor, zeroPoint: 128 } })],
  ['operators', formatManifest(manifest).replace('"operators": [', '"others": [')],
  ['operators[0].tensor', formatManifest(manifest).replace('"tensor": 1', '"tensor": -1')],
])('error: %s', (field, text) => {
  expect(() => parseManifest(text)).toThrow(ManifestError)
  expect(() => parseManifest(text)).toThrow(expect.objectContaining({ field }))
})
