import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, onTestFinished, test } from 'vitest'

import { buildModel } from '../../../../tensor/src/import/tflite/testing/buildModel.ts'
import { unary } from '../../../../tensor/src/import/tflite/testing/models.ts'
import { codes } from '../../../../tensor/src/import/tflite/testing/specs.ts'
import { exitCodes } from '../exitCodes.ts'
import { assayModel as assay } from './testing/assayModel.ts'

const folder = mkdtempSync(join(tmpdir(), 'assay-model-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Two operators: RELU at zero point −4, then a reshape that nothing has to move for. */
const model = buildModel({
  tensors: [
    { shape: [1, 1, 2, 3], scale: 0.5, zeroPoint: -4 },
    { shape: [1, 1, 2, 3], scale: 0.5, zeroPoint: -4 },
    { shape: [1, 6], scale: 0.5, zeroPoint: -4 },
  ],
  operators: [
    { code: codes.RELU, inputs: [0], outputs: [1] },
    { code: codes.RESHAPE, inputs: [1], outputs: [2] },
  ],
})
const input = [-128, -5, -4, 0, 100, 127]
const output = Buffer.from(Int8Array.of(-4, -4, -4, 0, 100, 127).buffer)

function path(name: string) {
  return join(folder, name)
}

function write(name: string, content: string | Uint8Array) {
  writeFileSync(path(name), content)
  return path(name)
}

async function imported() {
  const file = write('model.tflite', model)
  const { code } = await assay('import', file, '--out', path('model'))
  expect(code).toBe(0)
  return path('model')
}

test('behavior: import writes a program and its manifest', async () => {
  const dir = await imported()
  const manifest = JSON.parse(readFileSync(join(dir, 'manifest.json'), 'utf8'))
  expect(manifest.source).toEqual({
    file: 'model.tflite',
    sha256: createHash('sha256').update(model).digest('hex'),
  })
  expect(manifest.input).toMatchObject({ shape: [1, 1, 2, 3], scale: 0.5, zeroPoint: -4 })
  expect(manifest.operators.map(({ tensor }: { tensor: number }) => tensor)).toEqual([1, 1])
  expect(manifest.root).toBe(JSON.parse(readFileSync(join(dir, 'program.json'), 'utf8')).root)

  const { out } = await assay('import', path('model.tflite'), '--out', dir, '--json')
  expect(JSON.parse(out)).toMatchObject({ root: manifest.root, operators: 2, layers: 1 })
})

/** Goes to a folder of its own until the test is over. */
function goTo(name: string) {
  const before = process.cwd()
  mkdirSync(path(name))
  process.chdir(path(name))
  onTestFinished(() => process.chdir(before))
}

test('behavior: without a folder import makes one that is named like the file', async () => {
  const file = write('some.small.tflite', model)
  goTo('here')
  for (const _ of ['first', 'again']) {
    const { code, out } = await assay('import', file, '--json')
    expect(code).toBe(0)
    expect(JSON.parse(out).folder).toBe('some.small')
  }
  const files = ['manifest.json', 'program.json', 'weights.bin']
  expect(readdirSync(path('here/some.small')).toSorted()).toEqual(files)

  mkdirSync('model')
  expect((await assay('import', write('model.tflite', model))).code).toBe(0)
  expect(existsSync('model/manifest.json')).toBe(true)
})

test('error: without a folder import leaves what is not of this model alone', async () => {
  const file = write('taken.tflite', model)
  goTo('there')
  const refused = async () => {
    const { code, error } = await assay('import', file)
    expect(code).toBe(exitCodes.usage)
    expect(error).toContain('--out')
  }
  writeFileSync('taken', 'a file')
  await refused()
  expect(readFileSync('taken', 'utf8')).toBe('a file')

  rmSync('taken')
  mkdirSync('taken')
  writeFileSync('taken/notes.txt', 'mine')
  await refused()
  expect(readdirSync('taken')).toEqual(['notes.txt'])

  rmSync('taken', { recursive: true })
  expect((await assay('import', file)).code).toBe(0)
  const manifest = readFileSync('taken/manifest.json', 'utf8')
  writeFileSync(file, buildModel(unary(codes.RELU)))
  await refused()
  expect(readFileSync('taken/manifest.json', 'utf8')).toBe(manifest)
  expect((await assay('import', file, '--out', 'taken')).code).toBe(0)
  expect(readFileSync('taken/manifest.json', 'utf8')).not.toBe(manifest)
})

test('behavior: inspect lists operators and tensors', async () => {
  const dir = await imported()
  const { code, out } = await assay('inspect', dir)
  expect(code).toBe(0)
  expect(out).toMatch(/RELU.*\[1, 1, 2, 3\].*1\n/)
  const json = JSON.parse((await assay('inspect', dir, '--json')).out)
  expect(json.layers.map(({ kind }: { kind: string }) => kind)).toEqual(['input', 'lookup'])
})

function npy(descr: string) {
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': (1, 1, 2, 3), }`
  const start = [0x93, ...Buffer.from('NUMPY'), 1, 0, header.length, 0]
  return Uint8Array.from([...start, ...Buffer.from(header), ...Int8Array.from(input)])
}

test.each([
  ['in.bin', Uint8Array.from(Int8Array.from(input))],
  ['in.json', JSON.stringify(input)],
  ['nested.json', JSON.stringify([[[input.slice(0, 3), input.slice(3)]]])],
  ['in.npy', npy('|i1')],
])('behavior: run reads %s', async (name, content) => {
  const args = ['--input', write(name, content), '--output', path('out.bin')]
  const { code, out } = await assay('run', await imported(), ...args, '--json')
  expect(code).toBe(0)
  expect(readFileSync(path('out.bin'))).toEqual(output)
  expect(JSON.parse(out)).toMatchObject({ bytes: 6, shape: [1, 6], type: 'INT8' })
})

test('behavior: run prints a hash for every operator of the model, and nothing else', async () => {
  const args = ['--input', write('in.json', JSON.stringify(input)), '--output', path('out.bin')]
  const { out } = await assay('run', await imported(), ...args, '--hashes')
  const sha256 = createHash('sha256').update(output).digest('hex')
  expect(
    out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual([
    { index: 0, operator: 'RELU', shape: [1, 1, 2, 3], sha256 },
    { index: 1, operator: 'RESHAPE', shape: [1, 6], sha256 },
  ])
})

test.each([
  ['too few bytes', 'short.bin', Uint8Array.of(1, 2)],
  ['too few elements', 'short.json', '[1, 2]'],
  ['no JSON', 'broken.json', '[1, 2'],
  ['an element beyond int8', 'large.json', JSON.stringify([...input.slice(1), 128])],
  ['an element that is no integer', 'half.json', JSON.stringify([...input.slice(1), 0.5])],
  ['an element that is no number', 'text.json', JSON.stringify([...input.slice(1), '1'])],
  ['another type of elements', 'unsigned.npy', npy('|u1')],
  ['no array', 'broken.npy', Uint8Array.of(1, 2, 3)],
])('error: an input of %s', async (_, name, content) => {
  rmSync(path('none.bin'), { force: true })
  const args = ['--input', write(name, content), '--output', path('none.bin')]
  const { code, error } = await assay('run', await imported(), ...args)
  expect(code).toBe(exitCodes.usage)
  expect(error.trim().split('\n').length).toBe(1)
  expect(existsSync(path('none.bin'))).toBe(false)
})

test('error: files that are missing', async () => {
  const dir = await imported()
  const run = ['--input', path('none'), '--output', path('out.bin')]
  expect((await assay('import', path('none.tflite'), '--out', dir)).code).toBe(exitCodes.usage)
  expect((await assay('inspect', path('none'))).code).toBe(exitCodes.usage)
  expect((await assay('run', dir, ...run)).code).toBe(exitCodes.usage)
})

test('error: a model that cannot be imported leaves no folder', async () => {
  const unsupported = write('unsupported.tflite', buildModel(unary(codes.WHILE)))
  const cut = write('cut.tflite', model.slice(0, 200))
  const other = write('other.onnx', Uint8Array.of(8, 7, 18, 7))
  for (const file of [unsupported, cut, other]) {
    const { code, error } = await assay('import', file, '--out', path('nothing'))
    expect(code).toBe(exitCodes.usage)
    expect(error.trim().split('\n').length).toBe(1)
    expect(existsSync(path('nothing'))).toBe(false)
  }
})

test('error: a manifest that belongs to another program', async () => {
  const dir = await imported()
  const file = join(dir, 'manifest.json')
  const text = readFileSync(file, 'utf8')
  for (const changed of [
    text.replace(/"root": "0x../, '"root": "0x00'),
    text.replace('"tensor": 1', '"tensor": 7'),
    text.replace('"format": "', '"format": "x'),
  ]) {
    expect(changed).not.toBe(text)
    writeFileSync(file, changed)
    expect((await assay('inspect', dir)).code).toBe(exitCodes.usage)
  }
})

test('error: a command without what it needs', async () => {
  expect((await assay('import')).code).toBe(exitCodes.usage)
  expect((await assay('run', path('model'))).code).toBe(exitCodes.usage)
  expect((await assay('--help')).code).toBe(0)
})
