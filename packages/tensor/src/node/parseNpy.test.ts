import { expect, test } from 'vitest'

import { NpyError, parseNpy } from './parseNpy.ts'

function npy(header: string, data: Uint8Array, version = 1) {
  const text = new TextEncoder().encode(header)
  const length = version === 1 ? [text.length, 0] : [text.length, 0, 0, 0]
  const start = [0x93, ...new TextEncoder().encode('NUMPY'), version, 0, ...length]
  return Uint8Array.from([...start, ...text, ...data])
}

const data = Uint8Array.of(1, 2, 255, 0, 5, 6)

test.each([1, 2])('behavior: reads version %i', (version) => {
  const header = "{'descr': '|i1', 'fortran_order': False, 'shape': (2, 3), }\n"
  const file = parseNpy(npy(header, data, version))
  expect(file).toEqual({ descr: '|i1', shape: [2, 3], data })
})

test('behavior: reads one dimension, and none', () => {
  const header = (shape: string) => `{'descr': '|u1', 'fortran_order': False, 'shape': ${shape}}`
  expect(parseNpy(npy(header('(6,)'), data)).shape).toEqual([6])
  expect(parseNpy(npy(header('()'), data.slice(0, 1))).shape).toEqual([])
})

test.each([
  ['another format', Uint8Array.from({ length: 20 }, () => 1)],
  [
    'a cut file',
    npy("{'descr': '|i1', 'fortran_order': False, 'shape': (2, 3)}", data).slice(0, 20),
  ],
  ['missing elements', npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)}", data)],
  ['Fortran order', npy("{'descr': '|i1', 'fortran_order': True, 'shape': (2, 3)}", data)],
  ['fields', npy("{'descr': [('a', '|i1')], 'fortran_order': False, 'shape': (6,)}", data)],
  ['nothing', new Uint8Array(0)],
])('error: %s', (_, bytes) => {
  expect(() => parseNpy(bytes)).toThrow(NpyError)
})
