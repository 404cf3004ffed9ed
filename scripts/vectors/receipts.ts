/**
 * Writes the vectors of receipts that Solidity and TypeScript both run.
 *
 *     npm run vectors:receipts              writes test/vectors/receipts.json
 *     npm run vectors:receipts -- --check   writes nothing and fails if something would change
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { isDeepStrictEqual, parseArgs } from 'node:util'

import { receiptVectors } from './receipts/receiptVectors.ts'

const path = 'test/vectors/receipts.json'
const vectors = receiptVectors()

function isCurrent() {
  const committed: unknown = JSON.parse(readFileSync(path, 'utf8'))
  return isDeepStrictEqual(committed, vectors)
}

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } })
if (!values.check) {
  writeFileSync(path, `${JSON.stringify(vectors, null, 2)}\n`)
  console.log(`${path}: ${vectors.receipts.length} receipts, ${vectors.canonical.length} values`)
} else if (!isCurrent()) {
  console.error(`${path} is not what its script writes.`)
  process.exitCode = 1
}
