/**
 * Writes the vectors of exact models that Solidity and TypeScript both run.
 *
 *     npm run vectors:tensor              writes test/vectors/{requantise,trees,program,operators}.json
 *     npm run vectors:tensor -- --check   writes nothing and fails if something would change
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual, parseArgs } from 'node:util'

import { operatorVectors, programVectors } from './tensor/programVectors.ts'
import { requantiseVectors } from './tensor/requantiseVectors.ts'
import { treeVectors } from './tensor/treeVectors.ts'

const folder = 'test/vectors'

const files = {
  'requantise.json': requantiseVectors(),
  'trees.json': treeVectors(),
  'program.json': programVectors(),
  'operators.json': operatorVectors(),
}

/** One vector a line, or its fields, as the formatter leaves them. */
function render(vectors: readonly unknown[]) {
  const lines = vectors.map((vector) =>
    Array.isArray(vector) ? `  [${vector.join(', ')}]` : JSON.stringify(vector, null, 2),
  )
  return `[\n${lines.join(',\n')}\n]\n`
}

function isCurrent(name: string, vectors: unknown) {
  const committed: unknown = JSON.parse(readFileSync(join(folder, name), 'utf8'))
  return isDeepStrictEqual(committed, vectors)
}

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } })
if (values.check) {
  const stale = Object.entries(files).filter(([name, vectors]) => !isCurrent(name, vectors))
  for (const [name] of stale) console.error(`${folder}/${name} is not what its script writes.`)
  process.exitCode = stale.length === 0 ? 0 : 1
} else {
  for (const [name, vectors] of Object.entries(files)) {
    writeFileSync(join(folder, name), render(vectors))
    console.log(`${folder}/${name}: ${vectors.length} vectors`)
  }
}
