import { globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

import { deployedFiles } from './compile.ts'

/** Names of the contracts that Ignition's modules deploy. */
function deployedNames() {
  return globSync('ignition/modules/*.ts').flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/\.contract\(\s*'(\w+)'/g)].map(([, name]) => name!),
  )
}

test('behavior: everything that is deployed is compiled, and nothing else', () => {
  const compiled = deployedFiles.map((file) => file.split('/').at(-1)!.replace('.sol', ''))
  expect(compiled.toSorted()).toEqual([...new Set(deployedNames())].toSorted())
})
