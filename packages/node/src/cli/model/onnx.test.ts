import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'

import { buildModel, numbers } from '../../../../tensor/src/import/onnx/testing/buildModel.ts'
import { buildTrees } from '../../../../tensor/src/import/onnx/testing/treeModels.ts'
import { buildModel as buildTflite } from '../../../../tensor/src/import/tflite/testing/buildModel.ts'
import { unary } from '../../../../tensor/src/import/tflite/testing/models.ts'
import { codes } from '../../../../tensor/src/import/tflite/testing/specs.ts'
import { exitCodes } from '../exitCodes.ts'
import { importModel } from './importModel.ts'
import { assayModel as assay } from './testing/assayModel.ts'

const folder = mkdtempSync(join(tmpdir(), 'assay-onnx-'))
afterAll(() => rmSync(folder, { recursive: true }))

const floats = (...dims: number[]) => ({ dims, floats: numbers(dims, 1) })

const network = buildModel({
  inputs: [{ name: 'x', dims: ['n', 4] }],
  outputs: [{ name: 'y' }],
  nodes: [
    { operator: 'Gemm', inputs: ['x', 'w', 'b'], outputs: ['a'] },
    { operator: 'Relu', inputs: ['a'], outputs: ['r'] },
    { operator: 'Gemm', inputs: ['r', 'v'], outputs: ['y'] },
  ],
  constants: { w: floats(4, 6), b: floats(6), v: floats(6, 3) },
})

const trees = buildTrees({
  ...{ features: 2, outputs: 2, isClassifier: true, transform: 'LOGISTIC' },
  trees: [
    { feature: 0, value: 0.5, yes: [0.75], no: [-2] },
    { feature: 1, value: 0, yes: [-0.25], no: [1] },
  ],
})

const samples = Array.from({ length: 20 }, (_, i) => numbers([4], i))

function write(name: string, content: string | Uint8Array) {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}

function npy(descr: string, shape: string, data: Uint8Array) {
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${shape}, }`
  const start = [0x93, ...Buffer.from('NUMPY'), 1, 0, header.length, 0]
  return Uint8Array.from([...start, ...Buffer.from(header), ...data])
}

const file = () => write('network.onnx', network)
const json = () => write('samples.json', JSON.stringify(samples))

test('behavior: import calibrates and prints the agreement with onnxruntime', async () => {
  const args = ['import', file(), '--out', join(folder, 'a'), '--calibrate', json()]
  const { code, out } = await assay(...args)
  expect(code).toBe(0)
  expect(out).toMatch(/ranges of 20 samples/)
  expect(out).toMatch(/compared with onnxruntime-node \d/)
  expect(out).toMatch(/same top-1 +\d+ of 20/)
  expect(out).toMatch(/max \S+, mean \S+, in units of the output/)

  const { agreement, fidelity } = JSON.parse((await assay(...args, '--json')).out)
  expect(fidelity).toEqual({ kind: 'calibrated', samples: 20 })
  expect(agreement).toMatchObject({ samples: 20 })
  expect(agreement.top1).toBeGreaterThan(17)
  expect(agreement.max).toBeLessThan(0.05)
  expect(agreement.mean).toBeLessThan(agreement.max)
  expect(agreement.mean).toBeGreaterThan(0)
})

test.each([
  ['<f4', new Uint8Array(Float32Array.from(samples.flat()).buffer)],
  ['<f8', new Uint8Array(Float64Array.from(samples.flat()).buffer)],
])('behavior: samples of NumPy type %s make the same program', async (descr, data) => {
  const { root } = JSON.parse(
    (await assay('import', file(), '--out', join(folder, 'b'), '--calibrate', json(), '--json'))
      .out,
  )
  const calibrate = write('samples.npy', npy(descr, '(20, 4)', data))
  const args = ['import', file(), '--out', join(folder, 'b'), '--calibrate', calibrate, '--json']
  expect(JSON.parse((await assay(...args)).out).root).toBe(root)
})

test.each([
  ['is not installed', () => Promise.reject(new Error('Cannot find package'))],
  ['does not start', () => Promise.resolve({} as typeof import('onnxruntime-node'))],
])(
  'behavior: where onnxruntime %s, the float evaluator is compared with, and it says so',
  async (_, loadRuntime) => {
    const options = { file: file(), out: join(folder, 'c'), calibrate: json(), loadRuntime }
    expect(await importModel(options)).toMatch(
      /float evaluator, since onnxruntime-node is of no use/,
    )
    const { agreement } = JSON.parse(await importModel({ ...options, json: true }))
    expect(agreement.max).toBeLessThan(0.05)
    expect(agreement.top1).toBeGreaterThan(17)
  },
)

test('behavior: inspect and run take what was imported', async () => {
  const dir = join(folder, 'd')
  await assay('import', file(), '--out', dir, '--calibrate', json())
  const { out } = await assay('inspect', dir)
  expect(out).toMatch(/importer onnx-1/)
  expect(out).toMatch(/ranges of 20 samples/)
  expect(out).toMatch(/Gemm.*\[1, 6\].*1\n.*Relu.*\[1, 6\].*1\n.*Gemm.*\[1, 3\].*2\n/)

  const input = write('in.json', JSON.stringify(samples[0]))
  const args = ['run', dir, '--input', input, '--output', join(folder, 'out.bin'), '--hashes']
  const run = await assay(...args)
  expect(run.code).toBe(0)
  expect(run.out.trim().split('\n').length).toBe(3)
  expect(readFileSync(join(folder, 'out.bin')).length).toBe(12)
})

test('behavior: trees need no samples, and give scores of their own', async () => {
  const dir = join(folder, 'e')
  const args = ['import', write('trees.onnx', trees), '--out', dir]
  const { code, out } = await assay(...args)
  expect(code).toBe(0)
  expect(out).toMatch(/every walk is exact/)
  expect((await assay('inspect', dir)).out).toMatch(/ranks of 8 bits.*\n.*post transform LOGISTIC/)

  const calibrate = write(
    'features.json',
    JSON.stringify([
      [0, 0],
      [1, 1],
      [0.5, -1],
    ]),
  )
  const compared = JSON.parse((await assay(...args, '--calibrate', calibrate, '--json')).out)
  expect(compared.agreement).toMatchObject({ samples: 3, top1: 3 })
  expect(compared.agreement.reference).toMatch(/onnxruntime/)
  expect(compared.agreement.max).toBeLessThan(1e-6)

  const input = write('in.json', '[1, 1]')
  const output = join(folder, 'scores.bin')
  const run = await assay('run', dir, '--input', input, '--output', output, '--hashes')
  expect(run.code).toBe(0)
  const bytes = readFileSync(output)
  // Leaves −2 and 1: 1 / (1 + e).
  expect(bytes.readFloatLE(4)).toBeCloseTo(1 / (1 + Math.E), 6)
  expect(bytes.readFloatLE(0)).toBeCloseTo(1 - 1 / (1 + Math.E), 6)
})

test.each([
  ['too few elements', '[1, 2, 3]'],
  ['none', '[]'],
  ['no numbers', '[["1", 2, 3, 4]]'],
  ['no JSON', '[1, 2'],
  ['numbers beyond float32', '[1e39, 0, 0, 0]'],
])('error: samples of %s', async (_, text) => {
  const calibrate = write('bad.json', text)
  const dir = join(folder, 'none')
  const { code, error } = await assay('import', file(), '--out', dir, '--calibrate', calibrate)
  expect(code).toBe(exitCodes.usage)
  expect(error.trim().split('\n').length).toBe(1)
  expect(existsSync(dir)).toBe(false)
})

test('error: samples in an array of another type', async () => {
  const calibrate = write('bad.npy', npy('<i8', '(1, 4)', new Uint8Array(32)))
  const { code, error } = await assay('import', file(), '--out', folder, '--calibrate', calibrate)
  expect(code).toBe(exitCodes.usage)
  expect(error).toMatch(/<i8/)
})

test('error: a model in floating point without samples names what it lacks', async () => {
  const { code, error } = await assay('import', file(), '--out', join(folder, 'none'))
  expect(code).toBe(exitCodes.usage)
  expect(error).toMatch(/Gemm.*calibration samples/)
  expect(existsSync(join(folder, 'none'))).toBe(false)
})

test('error: LiteRT models take no samples', async () => {
  const model = write('model.tflite', buildTflite(unary(codes.RELU)))
  const { code } = await assay('import', model, '--out', folder, '--calibrate', json())
  expect(code).toBe(exitCodes.usage)
})

test('error: a file that was cut', async () => {
  const cut = write('cut.onnx', network.slice(0, 60))
  expect((await assay('import', cut, '--out', join(folder, 'none'))).code).toBe(exitCodes.usage)
})
