/**
 * Writes the vectors of sortition that Solidity and TypeScript both run.
 *
 *     npm run vectors:sortition              writes test/vectors/sortition.json
 *     npm run vectors:sortition -- --check   writes nothing and fails if something would change
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { isDeepStrictEqual, parseArgs } from 'node:util'

import { sortitionVectors } from './sortition/sortitionVectors.ts'

const path = 'test/vectors/sortition.json'
const vectors = sortitionVectors()

function isCurrent() {
  const committed: unknown = JSON.parse(readFileSync(path, 'utf8'))
  return isDeepStrictEqual(committed, vectors)
}

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } })
if (!values.check) {
  writeFileSync(path, `${JSON.stringify(vectors, null, 2)}\n`)
  console.log(`${path}: ${vectors.draws.length} draws, ${vectors.waits.length} waits`)
} else if (!isCurrent()) {
  console.error(`${path} is not what its script writes.`)
  process.exitCode = 1
}
