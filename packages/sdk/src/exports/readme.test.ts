import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

import * as ethers from './ethers.ts'
import * as sdk from './index.ts'

const readme = readFileSync('packages/sdk/README.md', 'utf8')

test('behavior: the README names every export', () => {
  const exports = { ...sdk, ...ethers }
  expect(Object.keys(exports).filter((name) => !new RegExp(`\\b${name}\\b`).test(readme))).toEqual(
    [],
  )
})
