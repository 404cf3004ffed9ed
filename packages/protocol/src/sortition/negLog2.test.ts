import { expect, test } from 'vitest'

import { negLog2 } from './negLog2.ts'

test('default', () => {
  expect(negLog2(1n << 255n)).toBe(65536n)
  expect(negLog2(1n)).toBe(256n << 16n)
  expect(negLog2(2n ** 256n - 1n)).toBe(1n)
})

test('behavior: is the logarithm to 2^-16', () => {
  for (let i = 1; i <= 2000; i++) {
    const u = (BigInt(i) * 0x9e3779b97f4a7c15f39cc0605cedc834n * 2n ** 131n) % 2n ** 256n
    const exact = 256 - Math.log2(Number(u))
    expect(Math.abs(Number(negLog2(u)) / 65536 - exact)).toBeLessThan(2 / 65536)
  }
})
