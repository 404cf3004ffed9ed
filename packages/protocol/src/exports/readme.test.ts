import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

import * as protocol from './index.ts'

const readme = readFileSync('packages/protocol/README.md', 'utf8')

test('behavior: the README names every export', () => {
  expect(Object.keys(protocol).filter((name) => !readme.includes(`\`${name}`))).toEqual([])
})
