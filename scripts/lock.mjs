/**
 * Keeps package-lock.json installable everywhere: `node scripts/lock.mjs` mends it, `--check` only reports.
 *
 * npm silently leaves out an optional package whose `engines.node` excludes the Node that runs npm. Here that is
 * the chain simulator's binary, which the newer Node linked into node_modules runs perfectly well. So optional
 * entries carry no `engines`.
 */
import { readFileSync, writeFileSync } from 'node:fs'

const file = new URL('../package-lock.json', import.meta.url)
const check = process.argv.includes('--check')

const lock = JSON.parse(readFileSync(file, 'utf8'))
const entries = Object.entries(lock.packages)

/** Whether `name`, required by the package at `path`, is found in its folder or in one above. */
function isLocked(path, name) {
  for (let folder = path; ; folder = folder.slice(0, Math.max(folder.lastIndexOf('/'), 0))) {
    if (lock.packages[folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`]) {
      return true
    }
    if (folder === '') return false
  }
}

const mendable = []
const faults = []
for (const [path, entry] of entries) {
  if ((entry.optional || entry.devOptional) && entry.engines !== undefined) {
    mendable.push(`${path}: engines ${JSON.stringify(entry.engines)}`)
    delete entry.engines
  }
  if (entry.resolved?.startsWith('http')) {
    mendable.push(`${path}: resolved to a registry's host`)
    delete entry.resolved
  }
  for (const name of Object.keys(entry.optionalDependencies ?? {})) {
    if (!isLocked(path, name)) faults.push(`${path || 'package.json'}: ${name} is not in the lock`)
  }
}

if (!check && mendable.length > 0) writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`)

for (const line of mendable) console.log(`${check ? 'to mend' : 'mended'}  ${line}`)
for (const line of faults) console.log(`missing  ${line}`)
console.log(`package-lock.json: ${mendable.length} to mend, ${faults.length} missing`)
process.exitCode = (check && mendable.length > 0) || faults.length > 0 ? 1 : 0
