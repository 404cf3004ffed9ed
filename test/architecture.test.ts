import { globSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { posix } from 'node:path'
import { expect, test } from 'vitest'

/** Contract folder → folders it may import. Files at the root of `contracts/` are the core. */
const folders: Record<string, string[]> = {
  types: ['types'],
  interfaces: ['types', 'interfaces'],
  libraries: ['types', 'libraries'],
  base: ['types', 'interfaces', 'libraries', 'base'],
  core: ['types', 'interfaces', 'libraries', 'base'],
  verifiers: ['types', 'interfaces', 'libraries', 'verifiers'],
  periphery: ['types', 'interfaces', 'libraries', 'core', 'periphery'],
  mocks: ['types', 'interfaces', 'libraries', 'mocks'],
}

/** Unit of TypeScript → packages it may import. What is not listed, and every test, may import anything. */
const units: Record<string, string[]> = {
  'packages/protocol': [],
  'packages/tensor': ['protocol'],
  'packages/crypto': ['protocol'],
  'packages/sdk': ['protocol'],
  'packages/x402': ['protocol'],
  'packages/node': ['protocol', 'crypto', 'tensor', 'sdk', 'x402'],
  'packages/gateway': ['protocol', 'crypto', 'sdk', 'x402'],
  'packages/cli': ['protocol', 'crypto', 'sdk', 'node', 'gateway'],
  'packages/explorer': ['protocol'],
  'packages/zk': ['protocol', 'tensor'],
  ignition: ['protocol'],
  indexer: ['protocol'],
}

/** Units that run in browsers, but for the folder that holds a unit's Node half. */
const browserUnits = ['packages/protocol', 'packages/tensor', 'packages/sdk', 'packages/explorer']
const nodeHalf = 'packages/tensor/src/node/'

type Import = { file: string; specifier: string }

function filesIn(...patterns: string[]) {
  const exclude = ['**/node_modules/**', '**/dist/**', '**/generated/**']
  return globSync(patterns, { exclude }).map((file) => file.replaceAll('\\', '/'))
}

function importsOf(file: string): Import[] {
  const source = readFileSync(file, 'utf8')
  const matches = source.matchAll(/\b(?:from|import)\s*\(?\s*(?:'([^'\n]+)'|"([^"\n]+)")/g)
  return [...matches].map(([, single, double]) => ({ file, specifier: (single ?? double)! }))
}

function folderOf(contract: string) {
  const [, folder, file] = contract.split('/')
  return file === undefined ? 'core' : folder!
}

function unitOf(file: string) {
  return Object.keys(units).find((unit) => file.startsWith(`${unit}/`))
}

/** Where a relative import leads, from the root of the repository. */
function targetOf({ file, specifier }: Import) {
  return posix.join(posix.dirname(file), specifier)
}

const contracts = filesIn('contracts/**/*.sol')
const sources = filesIn(...Object.keys(units).map((unit) => `${unit}/**/*.{ts,tsx}`)).filter(
  (file) => !/\.(test|test-d|d)\.tsx?$/.test(file),
)
const contractImports = contracts.flatMap(importsOf)
const sourceImports = sources.flatMap(importsOf)

function contractsWith(pattern: RegExp) {
  return contracts.filter((file) => pattern.test(readFileSync(file, 'utf8')))
}

test('behavior: every contract folder is known', () => {
  expect(contracts.filter((file) => folders[folderOf(file)] === undefined)).toEqual([])
})

test('behavior: a contract imports only what its folder may', () => {
  const violations = contractImports.filter((entry) => {
    if (!entry.specifier.startsWith('.')) return !entry.specifier.startsWith('@openzeppelin/')
    const target = targetOf(entry)
    return (
      !target.startsWith('contracts/') || !folders[folderOf(entry.file)]?.includes(folderOf(target))
    )
  })
  expect(violations).toEqual([])
})

test('behavior: a contract has 400 lines at most', () => {
  const long = contracts.filter(
    (file) => readFileSync(file, 'utf8').trimEnd().split('\n').length > 400,
  )
  expect(long).toEqual([])
})

test('behavior: no contract asks who started the transaction', () => {
  expect(contractsWith(/\btx\.origin\b/)).toEqual([])
})

test('behavior: assembly stays in libraries', () => {
  const allowed = ['libraries', 'mocks']
  const violations = contractsWith(/\bassembly\b[^;]*\{/).filter(
    (file) => !allowed.includes(folderOf(file)),
  )
  expect(violations).toEqual([])
})

test('behavior: a package imports only what it may', () => {
  const violations = sourceImports.filter(({ file, specifier }) => {
    const name = specifier.match(/^@assay\/([^/]+)/)?.[1]
    const unit = unitOf(file)!
    return name !== undefined && `packages/${name}` !== unit && !units[unit]!.includes(name)
  })
  expect(violations).toEqual([])
})

test('behavior: a relative import stays in its package', () => {
  const violations = sourceImports.filter(
    (entry) => entry.specifier.startsWith('.') && unitOf(targetOf(entry)) !== unitOf(entry.file),
  )
  expect(violations).toEqual([])
})

test('behavior: browser code uses nothing of Node', () => {
  const violations = sourceImports.filter(
    ({ file, specifier }) =>
      browserUnits.includes(unitOf(file)!) && !file.startsWith(nodeHalf) && isBuiltin(specifier),
  )
  expect(violations).toEqual([])
})

test('behavior: the environment is read only in config files', () => {
  const violations = sources.filter(
    (file) =>
      !/(^|[/.])config\.ts$/.test(file) && /\bprocess\.env\b/.test(readFileSync(file, 'utf8')),
  )
  expect(violations).toEqual([])
})
